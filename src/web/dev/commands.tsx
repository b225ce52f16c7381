import type { JSX } from 'hono/jsx/jsx-runtime';
import { Pre } from '../components/pre.tsx';
import type { PagesOptions } from '../options.ts';
import { baseUrl } from '../site.ts';

const KEY_VARIABLE = '$WATCHWORD_KEY';

/** A destination that no real telephone has: 555 numbers are for fiction. */
const SAMPLE_NUMBER = '+14155552671';

/** The command that starts a verification with the development key. */
export function SendCommand({ options }: { options: PagesOptions }): JSX.Element {
  return (
    <Pre label="Command to send a code">
      curl {baseUrl(options)}/v1/verifications \{'\n'}
      <Headers options={options} />
      {`  -d '{"to": "${SAMPLE_NUMBER}", "purpose": "login"}'`}
    </Pre>
  );
}

interface CheckProps {
  readonly options: PagesOptions;
  readonly verification: string;
  readonly code: string;
  readonly children?: JSX.Element;
}

/** The command that checks a code. Both values must be safe in a shell: an id and a code are. */
export function CheckCommand({ options, verification, code, children }: CheckProps): JSX.Element {
  return (
    <Pre label="Command to check the code">
      curl {baseUrl(options)}/v1/verifications/<b>{verification}</b>/checks \{'\n'}
      <Headers options={options} />
      {`  -d '{"code": "`}
      <b>{code}</b>
      {`"}'`}
      {children}
    </Pre>
  );
}

function Headers({ options }: { options: PagesOptions }): JSX.Element {
  return (
    <>
      {'  -H "Authorization: Bearer '}
      <b>{options.testKey ?? KEY_VARIABLE}</b>
      {'" \\\n  -H "Content-Type: application/json" \\\n'}
    </>
  );
}
