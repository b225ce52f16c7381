import { CHALLENGE_MODES } from '../../core/challenge.ts';
import {
  CONFIRM_LINK_MODES,
  DELIVERY_FAILURE_MODES,
  NOT_ME_MODES,
  OVERRIDE_MODES,
  POLICY_BOUNDS,
  RECEIPT_MODES,
  RECIPIENT_MODES,
  REVEAL_MODES,
  type Policy,
} from '../../core/policy.ts';
import { CHANNELS } from '../../core/verification.ts';

export type PolicyField = Exclude<keyof Policy, 'preset'>;

/** What each field means. The type demands an entry for every field of a policy. */
export const FIELD_MEANINGS: Readonly<Record<PolicyField, string>> = {
  code: 'How many characters a code has, and which: `digits`, or `safe` (letters and digits that cannot be confused).',
  ttl_seconds: 'How long a code can be entered.',
  max_checks: 'How many codes may be tried before the verification fails.',
  max_sends: 'How many messages a verification may send, the first one included.',
  resend_cooldown_seconds: 'The wait before the 2nd, 3rd … message; the last number repeats.',
  resend_code: 'Whether sending again repeats the code or draws a new one, which ends the old one.',
  on_open:
    'What a start does while one is open for the same destination and purpose: opens another, replaces it, or answers with it.',
  reuse: 'Whether an approved code is approved again while it lives.',
  check_by_destination: 'Whether `POST /v1/checks` may find the verification by its destination.',
  recipients:
    'Who may receive codes: anyone, or only people in the directory; `directory_silent` tells nobody who is not in it.',
  reveal:
    'What the hosted pages say about a code that is refused: nothing, the reason, or the reason and the tries left.',
  delivery_failure:
    'Whether a verification whose message nobody carried closes as `failed`, or stays open as if it had gone out.',
  channels: 'The channels a start may use, in the order of the ladder; empty means every channel that fits.',
  channel_wait_seconds:
    'How long a message is waited for before the next channel of the ladder is tried by itself; empty: never.',
  receipt: 'When an approval comes with a signed receipt, and whether that names the destination.',
  retention_days: 'Days a closed record is kept; `0` drops it at its end, `null` keeps it for ever.',
  custom_code: 'Whether a start may bring its own code.',
  reason: 'Whether an agent at the desk must say why, by one of the application’s reasons.',
  override: 'Whether an agent may go on without a code, with a note; `with_review` has a supervisor look at it.',
  not_me_link: 'Which messages carry a “this was not me” link, by which their reader can cancel the verification.',
  confirm_link: 'Which messages carry a link by which their reader confirms with a press, without typing the code.',
  sms_domain: 'The site that the last line of an SMS binds the code to (`@shop.example #123456`), or `null`.',
  sms_app_hash: 'The hash of the Android app that reads the SMS itself, in its last line, or `null`.',
  challenge:
    'When a start on a hosted page must show that a person asks: never, where something is suspicious, or always.',
  remember_device_days:
    'Days for which a hosted page may remember a browser, so that its next sign-in needs no code; `0`: it does not.',
  required_context: 'What a start must bring in `context`, e.g. `amount` and `payee`.',
};

export const POLICY_FIELDS = Object.keys(FIELD_MEANINGS) as readonly PolicyField[];

/** What each field may be set to. */
export const FIELD_BOUNDS: Readonly<Record<PolicyField, string>> = {
  code: `length ${range('code_length')}; \`digits\`, \`safe\``,
  ttl_seconds: range('ttl_seconds'),
  max_checks: range('max_checks'),
  max_sends: range('max_sends'),
  resend_cooldown_seconds: `list of ${range('cooldown_seconds')}`,
  resend_code: choice(['same', 'new'] satisfies readonly Policy['resend_code'][]),
  on_open: choice(['parallel', 'replace', 'reuse'] satisfies readonly Policy['on_open'][]),
  reuse: choice(['never', 'within_ttl'] satisfies readonly Policy['reuse'][]),
  check_by_destination: choice(['true', 'false']),
  recipients: choice(RECIPIENT_MODES),
  reveal: choice(REVEAL_MODES),
  delivery_failure: choice(DELIVERY_FAILURE_MODES),
  channels: choice(CHANNELS),
  channel_wait_seconds: `list of ${range('channel_wait_seconds')}`,
  receipt: choice(RECEIPT_MODES),
  retention_days: `${range('retention_days')} or \`null\``,
  custom_code: choice(['true', 'false']),
  reason: choice(['none', 'required'] satisfies readonly Policy['reason'][]),
  override: choice(OVERRIDE_MODES),
  not_me_link: choice(NOT_ME_MODES),
  confirm_link: choice(CONFIRM_LINK_MODES),
  sms_domain: 'a domain in lower case, or `null`',
  sms_app_hash: 'eleven characters, or `null`',
  challenge: choice(CHALLENGE_MODES),
  remember_device_days: range('remember_device_days'),
  required_context: 'list of names',
};

function range(bound: keyof typeof POLICY_BOUNDS): string {
  return `${POLICY_BOUNDS[bound].min}–${POLICY_BOUNDS[bound].max}`;
}

function choice(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(', ');
}
