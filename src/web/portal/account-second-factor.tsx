import type { JSX } from 'hono/jsx/jsx-runtime';
import { Badge } from '../components/badge.tsx';
import { Field } from '../components/field.tsx';
import { Flash } from '../components/flash.tsx';
import { href } from '../site.ts';
import { ACCOUNT_PATH, type AccountErrors } from './account-path.ts';
import { OwnPasswordField } from './own-password-field.tsx';
import { QrCode } from './qr-code.tsx';
import type { Visit } from './visit.ts';

const FEW = 3;

type CardProps = { visit: Visit; errors: AccountErrors; secret: string | null };

/** The second factor: a code by e-mail, or an authenticator with recovery codes. */
export function SecondFactorCard(props: CardProps): JSX.Element {
  return props.visit.agent.second_factor === 'totp' ? <IsOn {...props} /> : <SetUp {...props} />;
}

function SetUp({ visit, errors, secret: kept }: CardProps): JSX.Element {
  const { service, staff, options } = visit;
  const fresh = service.staff.account.newTotp(staff);
  const secret = kept ?? fresh.secret;
  const uri = fresh.uri.replace(fresh.secret, secret);
  return (
    <form class="card" method="post" action={href(options, `${ACCOUNT_PATH}/authenticator`)}>
      <h2>Second factor</h2>
      <p>Now a code goes to your e-mail address whenever you sign in. An authenticator app is safer and faster.</p>
      <ol class="stack">
        <li class="stack-tight">
          <strong>1. Scan this with an authenticator app</strong>
          <QrCode text={uri} label="QR code for your authenticator app. The setup key below holds the same." />
          <p class="small">
            Or type the key: <span class="mono">{secret.match(/.{4}/g)?.join(' ')}</span>
          </p>
        </li>
        <li>
          <Field
            id="totp"
            label="2. Enter the 6 digits it shows"
            class="input-code"
            error={errors['totp']}
            inputmode="numeric"
            autocomplete="one-time-code"
            maxlength={12}
            first={errors['totp'] !== undefined}
          />
        </li>
      </ol>
      <OwnPasswordField id="password" error={errors['password']} />
      <input type="hidden" name="secret" value={service.staff.seals.seal('totp', secret, staff.session)} />
      <div class="row">
        <button class="btn btn-main">Turn on</button>
      </div>
      <p class="hint">Next you get 10 recovery codes, shown once.</p>
    </form>
  );
}

function IsOn({ visit, errors }: CardProps): JSX.Element {
  const { agent, options } = visit;
  const left = agent.recovery_codes_left;
  return (
    <section class="card">
      <div class="split">
        <h2>Second factor</h2>
        <Badge tone="good" word="Authenticator" />
      </div>
      {left > FEW ? (
        <p>{left} recovery codes left.</p>
      ) : (
        <Flash tone="warn">
          <strong>{left === 1 ? '1 recovery code' : `${left} recovery codes`} left.</strong> Make new ones before you
          need them.
        </Flash>
      )}
      <form class="stack" method="post" action={href(options, `${ACCOUNT_PATH}/recovery`)}>
        <OwnPasswordField id="password" error={errors['password']} />
        <div class="row">
          <button class="btn btn-main">Make new recovery codes</button>
          <button class="btn btn-danger" formaction={href(options, `${ACCOUNT_PATH}/authenticator/off`)}>
            Turn the authenticator off
          </button>
        </div>
        <p class="hint">New codes end the old ones. Without an authenticator codes for signing in go by e-mail.</p>
      </form>
    </section>
  );
}

/** The recovery codes, the only time they are shown. */
export function RecoveryCodes({ visit, codes }: { visit: Visit; codes: readonly string[] }): JSX.Element {
  return (
    <section class="card">
      <h2>Write these down</h2>
      <p>Each lets you in once without your phone. They are shown only now.</p>
      <ul class="mono stack-tight">
        {codes.map((code) => (
          <li>{code}</li>
        ))}
      </ul>
      <div class="row">
        <a class="btn btn-main" href={href(visit.options, ACCOUNT_PATH)}>
          I have stored them
        </a>
      </div>
    </section>
  );
}
