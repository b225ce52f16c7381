import type { JSX } from 'hono/jsx/jsx-runtime';

/** Said until the script has something to say. */
const NEEDS = 'This step needs JavaScript and a browser that knows passkeys.';

interface PasskeyFormProps {
  readonly action: string;
  readonly ask: 'create' | 'get';
  /** What the browser is asked (WebAuthn, JSON). */
  readonly options: object;
  readonly fields?: Readonly<Record<string, string>>;
}

/** What the script of passkeys asks the browser, and the form that carries the answer. */
export function PasskeyForm({ action, ask, options, fields = {} }: PasskeyFormProps): JSX.Element {
  return (
    <form class="stack" method="post" action={action} data-passkey={ask} data-options={JSON.stringify(options)}>
      <p role="status" data-passkey-said>
        {NEEDS}
      </p>
      <input type="hidden" name="answer" value="" />
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <div class="row">
        <button class="btn btn-main" hidden>
          Ask again
        </button>
      </div>
    </form>
  );
}
