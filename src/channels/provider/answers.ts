import type { Accepted, Failure, FailureKind } from '../../ports/channel.ts';
import { accepted, failure } from '../outcome.ts';
import { safeDetail } from '../safe-detail.ts';
import { countOf, priceText } from './reports.ts';
import type { ProviderAnswer, ProviderSpec } from './spec.ts';

const RETRY: Readonly<Record<FailureKind, Failure['retry']>> = {
  unavailable: 'retry',
  rate_limited: 'retry',
  rejected: 'final',
  invalid_destination: 'final',
  suspected_fraud: 'final',
  misconfigured: 'final',
};

/** A code that is not in the table is shown when it has no length that codes of people or phone numbers usually have. */
const SHOWABLE_CODE = /^(?:\d{1,3}|\d{5}|[A-Za-z][A-Za-z_.:-]{0,60}\d{0,3})$/;

/**
 * A refusal in the provider's own words: `code` is looked up in the spec's table, else the status decides. The words are made safe
 * to keep (no address, no code, no credential).
 */
export function refusal(
  spec: Pick<ProviderSpec, 'title' | 'errors'>,
  answer: ProviderAnswer,
  { code, words = '', secrets = [] }: RefusalWords,
): Failure {
  const named = code === null ? undefined : known(spec.errors, code);
  const kind = named ?? kindOfStatus(answer.status);
  const isShowable = code !== null && (named !== undefined || SHOWABLE_CODE.test(code));
  const label = [spec.title, isShowable ? code : `status ${answer.status}`].join(': ');
  const detail = safeDetail(words, secrets);
  return failure(kind, RETRY[kind], detail === '' ? label : `${label} ${detail}`);
}

export interface RefusalWords {
  /** The provider's error code, null when the answer has none. */
  readonly code: string | null;
  readonly words?: string;
  /** What must not appear in the words, e.g. the account's credentials. */
  readonly secrets?: readonly string[];
}

/** What an answer says of the charge, in the provider's own words; odd values count as not told. */
export interface Told {
  readonly segments?: string | null;
  readonly amount?: string | null;
  readonly currency?: string | null;
}

function chargeOf({ segments = null, amount = null, currency = null }: Told): Pick<Accepted, 'price' | 'segments'> {
  const count = countOf(segments);
  const price = priceText(amount, currency);
  return { ...(price === null ? {} : { price }), ...(count === null ? {} : { segments: count }) };
}

/** The message was taken and has this id; a 2xx answer without one is an outcome nobody knows. */
export function acceptedWithId(spec: Pick<ProviderSpec, 'title'>, id: unknown, told: Told = {}): Accepted | Failure {
  const charge = chargeOf(told);
  if (typeof id === 'string' && id !== '' && id.length <= 200) return { ...accepted(id), ...charge };
  if (typeof id === 'number' && Number.isSafeInteger(id)) return { ...accepted(String(id)), ...charge };
  return failure('unavailable', 'once', `${spec.title}: the answer could not be understood`);
}

/** What an HTTP status says when the body does not say more (design section 7: 4xx but 408 and 429 are final). */
export function kindOfStatus(status: number): FailureKind {
  if (status === 401 || status === 403 || status === 404 || (status >= 300 && status < 400)) return 'misconfigured';
  if (status === 429) return 'rate_limited';
  if (status === 408 || status >= 500 || status < 300) return 'unavailable';
  return 'rejected';
}

export function isSuccess({ status }: ProviderAnswer): boolean {
  return status >= 200 && status < 300;
}

/** A member along a path of names and places in parsed JSON; undefined when any step is missing. */
export function member(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[step];
  }
  return found;
}

/** The member as text; numbers too, anything else is null. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = member(value, ...path);
  if (typeof found === 'string') return found;
  return typeof found === 'number' ? String(found) : null;
}

function known(errors: ProviderSpec['errors'], code: string): FailureKind | undefined {
  return Object.hasOwn(errors, code) ? errors[code] : undefined;
}
