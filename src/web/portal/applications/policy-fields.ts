import type { ChallengeMode } from '../../../core/challenge.ts';
import {
  type CONFIRM_LINK_MODES,
  type DELIVERY_FAILURE_MODES,
  type NOT_ME_MODES,
  type OVERRIDE_MODES,
  POLICY_BOUNDS,
  type RECEIPT_MODES,
  type RECIPIENT_MODES,
  type REVEAL_MODES,
  type Policy,
} from '../../../core/policy.ts';
import { CHANNELS } from '../../../core/verification.ts';
import { listed, number, type Typed } from './typed.ts';

interface Kind {
  readonly label: string;
  readonly hint?: string;
  readonly shape: 'number' | 'text' | 'choice' | 'yes';
  readonly choices?: readonly (readonly [value: string, word: string])[];
  /** What an empty field means; `none` when absent. */
  readonly empty?: string;
  show(policy: Policy): string;
  read(text: string): unknown;
}

type Name = 'code_length' | 'code_alphabet' | Exclude<keyof Policy, 'preset' | 'code'>;

function between({ min, max }: { readonly min: number; readonly max: number }): string {
  return `${min.toLocaleString('en-GB')} to ${max.toLocaleString('en-GB')}.`;
}

function numberKind(label: string, bounds: { min: number; max: number }, read: (policy: Policy) => number): Kind {
  return {
    label,
    hint: between(bounds),
    shape: 'number',
    show: (policy) => String(read(policy)),
    read: number,
  };
}

function numbersKind(label: string, hint: string, read: (policy: Policy) => readonly number[]): Kind {
  return {
    label,
    hint,
    shape: 'text',
    show: (policy) => read(policy).join(', '),
    read: (text) => listed(text).map(number),
  };
}

function choiceKind(label: string, values: Readonly<Record<string, string>>, read: (policy: Policy) => string): Kind {
  return { label, shape: 'choice', choices: Object.entries(values), show: read, read: (text) => text };
}

function yesKind(label: string, read: (policy: Policy) => boolean): Kind {
  return {
    label,
    shape: 'yes',
    show: (policy) => (read(policy) ? 'yes' : ''),
    read: (text) => text === 'yes',
  };
}

const RECEIPTS: Readonly<Record<(typeof RECEIPT_MODES)[number], string>> = {
  on_request: 'When it is asked for',
  always: 'Always',
  on_request_with_destination: 'When it is asked for, with the destination',
  always_with_destination: 'Always, with the destination',
  on_request_with_hash: 'When it is asked for, with a hash of the destination',
  always_with_hash: 'Always, with a hash of the destination',
};
const RECIPIENTS: Readonly<Record<(typeof RECIPIENT_MODES)[number], string>> = {
  any: 'Anyone',
  directory: 'People in the directory; the caller is told',
  directory_silent: 'People in the directory; nobody is told',
};
const OVERRIDES: Readonly<Record<(typeof OVERRIDE_MODES)[number], string>> = {
  never: 'No',
  with_note: 'With a note',
  with_review: 'With a note, and a supervisor reviews it',
};
const NOT_ME: Readonly<Record<(typeof NOT_ME_MODES)[number], string>> = {
  never: 'None',
  email: 'E-mails',
  email_and_sms: 'E-mails and SMS',
};
const CONFIRM_LINKS: Readonly<Record<(typeof CONFIRM_LINK_MODES)[number], string>> = {
  never: 'None',
  email: 'E-mails',
};
const CHALLENGES: Readonly<Record<ChallengeMode, string>> = {
  never: 'Never',
  suspicious: 'Where something is suspicious',
  always: 'Always',
};
const FAILURES: Readonly<Record<(typeof DELIVERY_FAILURE_MODES)[number], string>> = {
  tell: 'Closes the verification',
  hide: 'Is told nobody: it stays open like any other',
};
const REVEALS: Readonly<Record<(typeof REVEAL_MODES)[number], string>> = {
  generic: 'One general sentence',
  reason: 'The reason',
  reason_remaining: 'The reason and the tries left',
};

/** How each field of a policy stands in the form. The type demands one for every field there is. */
export const POLICY_KINDS: Readonly<Record<Name, Kind>> = {
  code_alphabet: choiceKind(
    'Code',
    { digits: 'Digits', safe: 'Letters and digits without 0 O 1 I L' },
    ({ code }) => code.alphabet,
  ),
  code_length: numberKind('Length', POLICY_BOUNDS.code_length, ({ code }) => code.length),
  ttl_seconds: numberKind('Valid for, in seconds', POLICY_BOUNDS.ttl_seconds, (policy) => policy.ttl_seconds),
  max_checks: numberKind('Wrong codes allowed', POLICY_BOUNDS.max_checks, (policy) => policy.max_checks),
  max_sends: numberKind('Sends, the first included', POLICY_BOUNDS.max_sends, (policy) => policy.max_sends),
  resend_cooldown_seconds: numbersKind(
    'Wait between sends, in seconds',
    'One number, or one for each send; the last repeats.',
    (policy) => policy.resend_cooldown_seconds,
  ),
  resend_code: choiceKind(
    'A resend carries',
    { same: 'The same code', new: 'A new code' },
    (policy) => policy.resend_code,
  ),
  on_open: choiceKind(
    'When a code is already open',
    { parallel: 'Start another beside it', replace: 'Close the old one', reuse: 'Use the old one again' },
    (policy) => policy.on_open,
  ),
  reuse: choiceKind(
    'An approved code',
    { never: 'Works once', within_ttl: 'Works again while it lives' },
    (policy) => policy.reuse,
  ),
  recipients: choiceKind('Who may receive codes', RECIPIENTS, (policy) => policy.recipients),
  reveal: choiceKind('A wrong code is answered with', REVEALS, (policy) => policy.reveal),
  delivery_failure: choiceKind('A message that nobody carried', FAILURES, (policy) => policy.delivery_failure),
  channels: {
    label: 'Channels',
    hint: `Of ${CHANNELS.join(', ')}, in the order they are tried. Empty: every one that fits.`,
    shape: 'text',
    empty: 'every one that fits',
    show: ({ channels }) => channels.join(', '),
    read: listed,
  },
  channel_wait_seconds: numbersKind(
    'Wait before the next channel, in seconds',
    `${between(POLICY_BOUNDS.channel_wait_seconds)} Empty: it does not go on by itself.`,
    (policy) => policy.channel_wait_seconds,
  ),
  receipt: choiceKind('Signed receipt', RECEIPTS, (policy) => policy.receipt),
  retention_days: {
    label: 'Keep records, in days',
    hint: `${between(POLICY_BOUNDS.retention_days)} 0 drops them when they close. Empty: with no end.`,
    shape: 'number',
    empty: 'with no end',
    show: ({ retention_days: days }) => (days === null ? '' : String(days)),
    read: (text) => (text === '' ? null : number(text)),
  },
  not_me_link: choiceKind('“This was not me” link in', NOT_ME, (policy) => policy.not_me_link),
  confirm_link: choiceKind('Link to confirm with a press in', CONFIRM_LINKS, (policy) => policy.confirm_link),
  sms_domain: {
    label: 'Site that an SMS binds the code to',
    hint: 'Such as shop.example.',
    shape: 'text',
    show: (policy) => policy.sms_domain ?? '',
    read: (text) => (text === '' ? null : text),
  },
  sms_app_hash: {
    label: 'Hash of the Android app',
    hint: 'Eleven characters.',
    shape: 'text',
    show: (policy) => policy.sms_app_hash ?? '',
    read: (text) => (text === '' ? null : text),
  },
  challenge: choiceKind('Hosted pages ask for a proof of work', CHALLENGES, (policy) => policy.challenge),
  remember_device_days: numberKind(
    'Hosted pages may remember a device, in days (0: never)',
    POLICY_BOUNDS.remember_device_days,
    (policy) => policy.remember_device_days,
  ),
  required_context: {
    label: 'What a start must bring in its context',
    hint: 'Names between commas, such as amount, payee.',
    shape: 'text',
    show: ({ required_context: names }) => names.join(', '),
    read: listed,
  },
  override: choiceKind('Agents may skip', OVERRIDES, (policy) => policy.override),
  reason: choiceKind(
    'Agents choose a reason',
    { none: 'When they like', required: 'Always' },
    (policy) => policy.reason,
  ),
  check_by_destination: yesKind('Checks may find the code by its destination', (policy) => policy.check_by_destination),
  custom_code: yesKind('A start may bring its own code', (policy) => policy.custom_code),
};

export const POLICY_NAMES = Object.keys(POLICY_KINDS) as readonly Name[];

export function shownPolicy(policy: Policy): Typed {
  return Object.fromEntries(POLICY_NAMES.map((name) => [name, POLICY_KINDS[name].show(policy)]));
}

/** The form as a whole policy, as far as it is one. */
export function readPolicy(typed: Typed): Readonly<Record<string, unknown>> {
  const {
    code_length: length,
    code_alphabet: alphabet,
    ...rest
  } = Object.fromEntries(POLICY_NAMES.map((name) => [name, POLICY_KINDS[name].read(typed[name] ?? '')]));
  return { code: { length, alphabet }, ...rest };
}
