import type { Actor, ChannelName, LineType } from '../../../core/verification.ts';
import { countryName } from '../country-name.ts';
import type { Visit } from '../visit.ts';

/** Channels as people call them. */
export const CHANNEL_WORDS: Readonly<Record<ChannelName, string>> = {
  sms: 'SMS',
  email: 'E-mail',
  voice: 'Voice',
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
};

export const LINE_WORDS: Readonly<Record<LineType, string>> = {
  mobile: 'Mobile',
  fixed_line: 'Landline',
  fixed_line_or_mobile: 'Mobile or landline',
  voip: 'Internet line',
  toll_free: 'Toll-free line',
  premium_rate: 'Premium line',
  shared_cost: 'Shared-cost line',
  personal: 'Personal number',
  pager: 'Pager',
  uan: 'Company number',
  unknown: 'Unknown line',
};

/** `Germany` for DE; a dash for none. */
export function countryWord(code: string | null): string {
  return code === null ? '–' : countryName(code);
}

/** Countries to choose from by their names: those the application sends to, or all. */
export function countryChoices(
  countries: readonly string[] | null,
): readonly (readonly [code: string, name: string])[] {
  const known = countries ?? ALL_COUNTRIES;
  return known
    .map((code) => [code, countryWord(code)] as const)
    .toSorted((one, other) => one[1].localeCompare(other[1], 'en'));
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Codes that are names of groups, or of countries that are no more. */
const NO_COUNTRY = new Set(['EU', 'EZ', 'UN', 'XA', 'XB', 'XK', 'ZZ', 'QO']);
const ALL_COUNTRIES: readonly string[] = LETTERS.flatMap((one) => LETTERS.map((other) => one + other)).filter(
  (code) => !NO_COUNTRY.has(code) && new Intl.Locale(`und-${code}`).region === code && countryName(code) !== code,
);

export type NameOf = (actor: Actor) => string;

const OTHERS: Readonly<Record<Exclude<Actor['type'], 'agent'>, string>> = {
  api_key: 'API',
  hosted: 'Hosted page',
  library: 'Application',
  system: 'Watchword',
};

/** Who acted, in words. Agents are looked up once each. */
export async function namesOf(visit: Visit, actors: readonly Actor[]): Promise<NameOf> {
  const ids = new Set(actors.flatMap(({ type, id }) => (type === 'agent' && id !== null ? [id] : [])));
  const names = new Map<string, string>();
  for (const id of ids) {
    const found = await visit.service.staff.agents.get(visit.caller, id);
    if (found.ok) names.set(id, found.value.name);
  }
  return ({ type, id }) => (type === 'agent' ? (names.get(id ?? '') ?? 'An agent') : OTHERS[type]);
}
