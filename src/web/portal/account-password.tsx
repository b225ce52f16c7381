import type { JSX } from 'hono/jsx/jsx-runtime';
import { Field } from '../components/field.tsx';
import { href } from '../site.ts';
import { ACCOUNT_PATH, type AccountErrors } from './account-path.ts';
import { Moment } from './moment.tsx';
import { OnceField } from './once-field.tsx';
import type { Visit } from './visit.ts';

export function PasswordCard({ visit, errors }: { visit: Visit; errors: AccountErrors }): JSX.Element {
  const changed = visit.agent.password_changed_at;
  return (
    <form class="card" method="post" action={href(visit.options, `${ACCOUNT_PATH}/password`)}>
      <h2>Password</h2>
      <OnceField visit={visit} />
      <Field
        id="current"
        label="Current password"
        type="password"
        error={errors['current']}
        autocomplete="current-password"
        first={errors['current'] !== undefined}
      />
      <Field
        id="new"
        label="New password"
        type="password"
        hint="15 characters or more. A few unrelated words work well."
        error={errors['new']}
        autocomplete="new-password"
        first={errors['new'] !== undefined}
      />
      <Field
        id="again"
        label="New password again"
        type="password"
        error={errors['again']}
        autocomplete="new-password"
        first={errors['again'] !== undefined}
      />
      <div class="row">
        <button class="btn btn-main">Change password</button>
      </div>
      <p class="hint">
        {changed === null ? null : (
          <>
            Last changed <Moment visit={visit} at={changed} />.{' '}
          </>
        )}
        Other devices will be signed out.
      </p>
    </form>
  );
}
