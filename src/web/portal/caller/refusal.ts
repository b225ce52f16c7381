import type { Problem } from '../../../core/errors.ts';
import { parsePhone } from '../../../core/phone.ts';
import type { PreviewView } from '../../../core/views.ts';
import { momentText } from '../moment.tsx';
import type { Visit } from '../visit.ts';
import type { Typed } from './typed.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { countryInText } from '../country-name.ts';
import { capital } from '../words.ts';

/** Why a form was not obeyed: at one field, or as a whole (`field` null). */
export interface Refusal {
  readonly field: 'to' | 'channel' | 'reason' | 'reference' | 'note' | null;
  readonly text: string;
}

interface Refused {
  readonly visit: Visit;
  readonly typed: Typed;
  readonly problem: Problem;
  /** What the start would have counted against. */
  readonly limits: PreviewView['limits'];
}

/** A refusal of a use case in an agent's words. */
export function refusalOf(refused: Refused): Refusal {
  const { visit, typed, problem } = refused;
  switch (problem.code) {
    case 'invalid_destination':
      return { field: 'to', text: destinationText(typed, problem) };
    case 'unreachable_destination':
      return { field: 'to', text: `This kind of number is closed: ${kindOf(problem)}.` };
    case 'country_not_allowed':
      return { field: 'to', text: `${capital(numberCountry(typed))} is not allowed for this application.` };
    case 'recipient_unknown':
      return {
        field: 'to',
        text: `Nobody in the directory has this ${typed.to.includes('@') ? 'address' : 'number'}.`,
      };
    case 'destination_suppressed':
      return {
        field: 'to',
        text: 'This destination gets no more messages: the person said stop, or messages came back. Use another one.',
      };
    case 'channel_unavailable':
      return { field: 'channel', text: channelText(typed) };
    case 'budget_exhausted':
      return { field: null, text: `Today’s budget is used up. Codes can be sent again ${after(visit, problem)}.` };
    case 'limit_exceeded':
      return { field: null, text: limitText(refused) };
    default:
      return { field: fieldOf(problem), text: problem.detail };
  }
}

function fieldOf({ errors }: Problem): Refusal['field'] {
  const pointer = errors?.[0]?.pointer ?? '';
  const field = (['to', 'channel', 'reason', 'reference', 'note'] as const).find((name) =>
    pointer.startsWith(`/${name}`),
  );
  return field ?? null;
}

const ADDRESS = 'Enter the whole address, with a dot after the @ sign, such as you@example.com';

function destinationText(typed: Typed, { errors, detail }: Problem): string {
  if (typed.channel === 'email' || typed.to.includes('@')) return ADDRESS;
  const place = numberCountry(typed);
  switch (errors?.[0]?.code) {
    case 'too_short':
      return `This number is too short for ${place}. Check it with the caller.`;
    case 'too_long':
      return `This number is too long for ${place}. Check it with the caller.`;
    case 'wrong_length':
    case 'unknown_range':
      return `This is not a number of ${place}. Check it with the caller.`;
    case 'no_country':
      return 'Choose the country of this number, or write it with + in front.';
    case 'unknown_calling_code':
      return 'No country has this calling code. Check the digits after the +.';
    case 'not_a_number':
    case 'has_letters':
      return 'This is not a phone number. Write digits only.';
    default:
      return detail;
  }
}

/** The country a number is of, as far as it can be told, else the chosen one. */
function numberCountry({ to, country }: Typed): string {
  const parsed = parsePhone(to, country === '' ? null : country);
  if (parsed.type === 'valid' && parsed.country !== null) return countryInText(parsed.country);
  return to.trim().startsWith('+') || country === '' ? 'its country' : countryInText(country);
}

function kindOf({ errors }: Problem): string {
  const kinds: Readonly<Record<string, string>> = {
    premium_rate: 'premium rate',
    shared_cost: 'shared cost',
    international_network: 'satellite and international networks',
    landline: 'landline',
  };
  return kinds[errors?.[0]?.code ?? ''] ?? 'it never receives codes';
}

function channelText({ channel }: Typed): string {
  return channel === null
    ? 'No channel reaches this destination.'
    : `${CHANNEL_WORDS[channel]} does not reach this destination. Choose another way.`;
}

/** `after 15:40`; what only an administrator opens says so. */
function after({ options, application }: Visit, { limit }: Problem): string {
  const at = limit?.resetAt ?? null;
  return at === null
    ? 'when an administrator opens it'
    : `after ${momentText(new Date(at).toISOString(), options.now(), application.time_zone)}`;
}

function limitText({ visit, problem, limits }: Refused): string {
  const name = problem.limit?.name ?? '';
  const known = limits.find((limit) => limit.name === name);
  const when = after(visit, problem);
  if (name === 'destination_sends' && known !== undefined && known.window_seconds !== null) {
    const hours = Math.round(known.window_seconds / 3600);
    return `This destination has had ${known.max} codes in ${hours} hours. Try again ${when}.`;
  }
  if (name.startsWith('destination_'))
    return `Too many wrong codes were entered for this destination. Try again ${when}.`;
  return `A limit of this application is reached (${name}). Try again ${when}.`;
}
