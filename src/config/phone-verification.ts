import { FACADES } from '../core/compat.ts';
import { effectivePolicy, POLICY_BOUNDS, type PolicyOverrides } from '../core/policy.ts';
import { secret, type Secret } from '../core/redacted.ts';
import { findingsFor, inTheirWords, lintProblem } from '../core/templates/as-sent.ts';
import { templateFrom, type TemplateInput } from '../core/templates/template.ts';
import type { ConfiguredApplication, PhoneVerification } from '../schema/index.ts';
import type { SettingProblem } from './given.ts';

/** What the settings of django-phone-verify make of the application `default`. */
export interface OldSettings {
  readonly fields: Pick<ConfiguredApplication, 'brand' | 'compat' | 'test_code'>;
  readonly policies: Readonly<Record<string, PolicyOverrides>>;
  /** MESSAGE. */
  readonly templates: readonly TemplateInput[];
  readonly sms: readonly Secret[] | null;
  readonly problems: readonly SettingProblem[];
  /** What to do about names that are old, and settings that mean nothing here. */
  readonly notes: readonly SettingProblem[];
}

const DEFAULT_MIN_LENGTH = 6;
const TWILIO = ['SID', 'SECRET', 'FROM'] as const;
const NEXMO = ['KEY', 'SECRET', 'FROM'] as const;

/** A back-end of that package: which options it needs, and who carries its messages here. */
interface Backend {
  readonly options: readonly string[];
  readonly dsn: ((option: (name: string) => string) => string) | null;
}

const BACKENDS: Readonly<Record<string, Backend>> = {
  'phone_verify.backends.twilio.TwilioBackend': {
    options: TWILIO,
    dsn: (option) => `twilio://${option('SID')}:${option('SECRET')}@default?from=${option('FROM')}`,
  },
  'phone_verify.backends.nexmo.NexmoBackend': {
    options: NEXMO,
    dsn: (option) => `vonage://${option('KEY')}:${option('SECRET')}@default?from=${option('FROM')}`,
  },
  // Theirs call the provider all the same; here the fixed code is for test keys, which reach nobody.
  'phone_verify.backends.twilio.TwilioSandboxBackend': { options: ['SANDBOX_TOKEN'], dsn: null },
  'phone_verify.backends.nexmo.NexmoSandboxBackend': { options: ['SANDBOX_TOKEN'], dsn: null },
};

/** Placeholders of MESSAGE, and what they are here. */
const THEIR_NAMES = { brand: '{app}', code: '{security_code}' } as const;
/** The code in MESSAGE before 1.0. */
const OLD_CODE = '{otp}';
/** Names of older versions, and what they are called since. */
const RENAMED = {
  SECURITY_CODE_EXPIRATION_TIME: 'SECURITY_CODE_EXPIRATION_SECONDS',
  OTP_EXPIRATION_TIME: 'SECURITY_CODE_EXPIRATION_SECONDS',
  TWILIO_SANDBOX_TOKEN: 'OPTIONS/SANDBOX_TOKEN',
} as const;

const { purpose, policy: usual } = FACADES['phone-verify'];

/** Reads the block by the rules of that package; `place` is where it stands in the file, `locale` the language of MESSAGE. */
export function readPhoneVerification(block: PhoneVerification, place: string, locale: string): OldSettings {
  const backend = backendOf(block, place);
  const message = messageOf(block, locale);
  const problems = [...backend.problems, ...lengthProblems(block, place), ...messageProblems(block, message, place)];
  const token = optionsOf(block)['SANDBOX_TOKEN'];
  return {
    fields: {
      brand: block.APP_NAME,
      compat: ['phone-verify'],
      ...(backend.sandbox && token !== undefined ? { test_code: token } : {}),
    },
    policies: { [purpose]: policyOf(block) },
    templates: [message],
    sms: backend.dsn === null ? null : [secret(backend.dsn)],
    problems,
    notes: notesOf(block, place),
  };
}

function backendOf(
  block: PhoneVerification,
  place: string,
): { readonly dsn: string | null; readonly sandbox: boolean; readonly problems: readonly SettingProblem[] } {
  const { BACKEND: name, TOKEN_LENGTH } = block;
  const options = optionsOf(block);
  // A DSN is what a back-end of one's own becomes here.
  if (name.includes('://')) return { dsn: name, sandbox: false, problems: [] };
  const backend = Object.hasOwn(BACKENDS, name) ? BACKENDS[name] : undefined;
  if (backend === undefined) {
    const problem = `"${name.slice(0, 200)}" is no back-end that is known here; give a DSN such as webhook://… for one of your own`;
    return { dsn: null, sandbox: false, problems: [{ name: `${place}/BACKEND`, problem }] };
  }
  const problems = backend.options
    .filter((option) => (options[option] ?? '') === '')
    .map((option) => ({ name: `${place}/OPTIONS/${option}`, problem: 'is required by this BACKEND' }));
  const sandbox = backend.dsn === null;
  const token = options['SANDBOX_TOKEN'] ?? '';
  if (sandbox && token !== '' && !isCode(token, TOKEN_LENGTH))
    problems.push({ name: `${place}/OPTIONS/SANDBOX_TOKEN`, problem: 'must be as many digits as TOKEN_LENGTH says' });
  const dsn = backend.dsn?.((option) => encodeURIComponent(options[option] ?? '')) ?? null;
  return { dsn, sandbox, problems };
}

/** The options, with the one that stood beside them before 1.0. */
function optionsOf({ OPTIONS, TWILIO_SANDBOX_TOKEN: token }: PhoneVerification): PhoneVerification['OPTIONS'] {
  return token === undefined ? OPTIONS : { SANDBOX_TOKEN: token, ...OPTIONS };
}

function isCode(token: string, length: number): boolean {
  return /^[0-9]+$/.test(token) && token.length === length;
}

function lengthProblems(block: PhoneVerification, place: string): readonly SettingProblem[] {
  const { TOKEN_LENGTH: length, MIN_TOKEN_LENGTH: least = DEFAULT_MIN_LENGTH } = block;
  const name = `${place}/TOKEN_LENGTH`;
  if (length < least)
    return [{ name, problem: `TOKEN_LENGTH (${length}) cannot be less than MIN_TOKEN_LENGTH (${least})` }];
  const { min } = POLICY_BOUNDS.code_length;
  return length < min ? [{ name, problem: `must be at least ${min}` }] : [];
}

/** The newest name wins; one of them is there. */
function lifeOf(block: PhoneVerification): number | undefined {
  return block.SECURITY_CODE_EXPIRATION_SECONDS ?? block.SECURITY_CODE_EXPIRATION_TIME ?? block.OTP_EXPIRATION_TIME;
}

function policyOf(block: PhoneVerification): PolicyOverrides {
  const life = lifeOf(block);
  return {
    code: { length: block.TOKEN_LENGTH, alphabet: 'digits' },
    reuse: block.VERIFY_SECURITY_CODE_ONLY_ONCE ? 'never' : 'within_ttl',
    ...(life === undefined ? {} : { ttl_seconds: life }),
    ...(block.MAX_FAILED_ATTEMPTS === undefined ? {} : { max_checks: block.MAX_FAILED_ATTEMPTS }),
    ...(block.RECORD_RETENTION_DAYS === undefined ? {} : { retention_days: block.RECORD_RETENTION_DAYS }),
  };
}

/** MESSAGE as a template of its language; others have our texts. */
function messageOf(block: PhoneVerification, locale: string): TemplateInput {
  const text = block.MESSAGE.replaceAll(THEIR_NAMES.brand, '{brand}')
    .replaceAll(THEIR_NAMES.code, '{code}')
    .replaceAll(OLD_CODE, '{code}');
  return { channel: 'sms', purpose, locale, text };
}

/** What the linter of every text that is not ours says against MESSAGE. */
function messageProblems(block: PhoneVerification, template: TemplateInput, place: string): readonly SettingProblem[] {
  const linted = templateFrom(template);
  if (linted === null) return [];
  const policy = effectivePolicy({ ...usual, ...policyOf(block) }, 'default');
  const sender = { brand: block.APP_NAME, locale: linted.locale ?? 'en', policy, notMeUrl: null };
  const errors = lintProblem(findingsFor(linted, sender))?.errors ?? [];
  return errors.map(({ detail }) => ({ name: `${place}/MESSAGE`, problem: inTheirWords(detail, THEIR_NAMES) }));
}

function notesOf(block: PhoneVerification, place: string): readonly SettingProblem[] {
  const notes = Object.entries(RENAMED)
    .filter(([old]) => Object.hasOwn(block, old))
    .map(([old, name]) => ({ name: `${place}/${old}`, problem: `is deprecated; use ${name}` }));
  if (!block.MESSAGE.includes(OLD_CODE)) return notes;
  return [
    ...notes,
    { name: `${place}/MESSAGE`, problem: `has ${OLD_CODE}, which is deprecated; use ${THEIR_NAMES.code}` },
  ];
}
