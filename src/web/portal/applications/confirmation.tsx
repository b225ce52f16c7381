import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Visit } from '../visit.ts';

interface ConfirmationProps {
  readonly visit: Visit;
  readonly action: string;
  readonly back: string;
  readonly yes: string;
  readonly no: string;
}

/** Asks before an act that cannot be undone: what it does, and two answers. */
export function Confirmation(props: PropsWithChildren<ConfirmationProps>): JSX.Element {
  const { visit, action, back, yes, no, children } = props;
  return (
    <form class="card stack dialog" method="post" action={href(visit.options, action)}>
      <OnceField visit={visit} />
      {children}
      <div class="row">
        <button class="btn btn-danger-main">{yes}</button>
        <a class="btn" href={href(visit.options, back)}>
          {no}
        </a>
      </div>
    </form>
  );
}
