/** All that a template may ask for, and what stands there; nothing else between braces is ever looked up. */
export const PLACEHOLDERS = {
  code: 'The code.',
  brand: 'The application’s name for itself.',
  minutes: 'How many minutes the code still works, as a number.',
  time: 'The same with its word, in the language of the message: “10 minutes”.',
  amount: '`context.amount` of the start.',
  payee: '`context.payee` of the start.',
  link: 'The link by which the reader of an e-mail confirms (`confirm_link`).',
  domain: 'The site that the policy binds the code to (`sms_domain`).',
} as const;

export type Placeholder = keyof typeof PLACEHOLDERS;

export const PLACEHOLDER_NAMES = Object.keys(PLACEHOLDERS) as readonly Placeholder[];

/** What stands for each placeholder; null = there is nothing. */
export type Values = Readonly<Record<Placeholder, string | null>>;

const KNOWN = new RegExp(`\\{(${PLACEHOLDER_NAMES.join('|')})\\}`, 'g');
const STRAY = /[^\s{}]{0,20}[{}][^\s{}]{0,30}\}?/;

/** How often a template asks for each thing. */
export function placeholdersIn(text: string): ReadonlyMap<Placeholder, number> {
  const counts = new Map<Placeholder, number>();
  for (const [, name] of text.matchAll(KNOWN))
    counts.set(name as Placeholder, (counts.get(name as Placeholder) ?? 0) + 1);
  return counts;
}

/** Fills a template in one pass. Values are placed, never read again: nothing in them can act as a placeholder. */
export function fillPlaceholders(text: string, value: (name: Placeholder) => string): string {
  return text.replace(KNOWN, (_all, name: Placeholder) => value(name));
}

/** The first braces that are no known placeholder, with a little of what is around them; null = none. */
export function strayBraces(text: string): string | null {
  return STRAY.exec(fillPlaceholders(text, () => ' '))?.[0] ?? null;
}
