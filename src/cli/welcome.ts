import type { Settings } from '../config/index.ts';
import { placeName } from '../runtime/place-name.ts';

/** What `serve` prints in development: the first call, ready to paste, and where to look. */
export function welcome({
  url,
  testKey,
  settings,
  deskToken,
}: {
  readonly url: string;
  readonly testKey: string;
  readonly settings: Settings;
  /** Of the link that makes the first administrator; null when somebody is there. */
  readonly deskToken: string | null;
}): string[] {
  return [
    `Watchword listens on ${url} (development, ${placeName(settings.database)})`,
    '',
    `Test key: ${testKey}`,
    '',
    'Send a code; it lands in the inbox:',
    '',
    `  curl -s ${url}/v1/verifications -H 'Authorization: Bearer ${testKey}' \\`,
    `    -H 'Content-Type: application/json' -d '{"to": "+14155552671"}'`,
    '',
    'Check it, with the id from the answer and the code from the inbox:',
    '',
    `  curl -s ${url}/v1/verifications/ID/checks -H 'Authorization: Bearer ${testKey}' \\`,
    `    -H 'Content-Type: application/json' -d '{"code": "CODE"}'`,
    '',
    `Welcome  ${url}/`,
    `Inbox    ${url}/dev/inbox`,
    `Docs     ${url}/docs`,
    deskToken === null
      ? `Desk     ${url}/desk`
      : `Desk     ${url}/desk/welcome/${deskToken}  (makes the first administrator, once)`,
    'Or have a desk with people and thirty days of records: watchword demo',
    '',
  ];
}
