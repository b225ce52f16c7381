import { FACADES } from '../core/compat.ts';
import { POLICY_BOUNDS, type PolicyOverrides } from '../core/policy.ts';
import { secret, type Secret } from '../core/redacted.ts';
import type { ConfiguredApplication, PhoneVerification } from '../schema/index.ts';
import type { SettingProblem } from './given.ts';

/** What the settings of django-phone-verify make of the application `default`. */
export interface OldSettings {
  readonly fields: Pick<ConfiguredApplication, 'brand' | 'compat' | 'test_code'>;
  readonly policies: Readonly<Record<string, PolicyOverrides>>;
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

/** Reads the block by the rules of that package; `place` is where it stands in the file. */
export function readPhoneVerification(block: PhoneVerification, place: string): OldSettings {
  const backend = backendOf(block, place);
  const problems = [...backend.problems, ...lengthProblems(block, place), ...lifeProblems(block, place)];
  const token = block.OPTIONS['SANDBOX_TOKEN'];
  return {
    fields: {
      brand: block.APP_NAME,
      compat: ['phone-verify'],
      ...(backend.sandbox && token !== undefined ? { test_code: token } : {}),
    },
    policies: { [FACADES['phone-verify'].purpose]: policyOf(block) },
    sms: backend.dsn === null ? null : [secret(backend.dsn)],
    problems,
    notes: notesOf(block, place),
  };
}

function backendOf(
  { BACKEND: name, OPTIONS: options, TOKEN_LENGTH }: PhoneVerification,
  place: string,
): { readonly dsn: string | null; readonly sandbox: boolean; readonly problems: readonly SettingProblem[] } {
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

function lifeProblems(block: PhoneVerification, place: string): readonly SettingProblem[] {
  if (lifeOf(block) !== undefined) return [];
  return [{ name: `${place}/SECURITY_CODE_EXPIRATION_SECONDS`, problem: 'is required' }];
}

/** The new name wins. */
function lifeOf(block: PhoneVerification): number | undefined {
  return block.SECURITY_CODE_EXPIRATION_SECONDS ?? block.SECURITY_CODE_EXPIRATION_TIME;
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

function notesOf(block: PhoneVerification, place: string): readonly SettingProblem[] {
  const message = {
    name: `${place}/MESSAGE`,
    problem: 'is not sent: messages are written in the language of the request, with the brand and the code',
  };
  const old = {
    name: `${place}/SECURITY_CODE_EXPIRATION_TIME`,
    problem: 'is deprecated; use SECURITY_CODE_EXPIRATION_SECONDS',
  };
  return block.SECURITY_CODE_EXPIRATION_TIME === undefined ? [message] : [old, message];
}
