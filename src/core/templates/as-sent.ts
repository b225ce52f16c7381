import { inertBrand } from '../brand.ts';
import type { FieldError, Problem } from '../errors.ts';
import { pickLocale } from '../locale.ts';
import { notMeLine } from '../message-not-me.ts';
import { lastLineOf, linesBelow } from '../message-sms.ts';
import { wordsOf } from '../message-words.ts';
import type { Policy } from '../policy.ts';
import { type Finding, lintTemplate } from './lint.ts';
import { fillPlaceholders, type Placeholder } from './placeholders.ts';
import type { TemplateContent } from './template.ts';

/** Whose message it is: an application, and the policy of the template's purpose (that of `login` where it is for any). */
export interface Sender {
  readonly brand: string;
  readonly locale: string;
  readonly policy: Policy;
  /** Where readers of an SMS say that they did not ask for it, or as long an address; null = nowhere. */
  readonly notMeUrl: string | null;
}

/** Stands for what a start would bring: about as long as they usually are. */
export const SAMPLE_DETAILS = { amount: 'EUR 1249.90', payee: 'Harbour Bookshop' } as const;
const SAMPLE_LINK = 'https://verify.example/confirm/sample';
const SAMPLE_DOMAIN = 'shop.example';

/** The purpose whose policy is looked at for a template of any. */
export const USUAL_PURPOSE = 'login';

/**
 * What is wrong with words and what is doubtful, as this sender would send them. The one check of every text that is not ours:
 * templates of the API and of the configuration file, and texts that callers of other APIs send along.
 */
export function findingsFor(template: TemplateContent, sender: Sender): readonly Finding[] {
  const { brand: given, locale, policy, notMeUrl } = sender;
  const code = '0'.repeat(policy.code.length);
  const minutes = Math.max(1, Math.floor(policy.ttl_seconds / 60));
  const { text: brand } = inertBrand(given, code);
  const about = { locale: pickLocale(template.locale, locale), brand, purpose: USUAL_PURPOSE, minutes };
  const { time } = wordsOf(about);
  const domain = policy.sms_domain ?? SAMPLE_DOMAIN;
  const values = { code, brand, minutes: String(minutes), time, ...SAMPLE_DETAILS, domain, link: SAMPLE_LINK };
  const bound = { domain: policy.sms_domain, appHash: policy.sms_app_hash };
  const below = linesBelow(notMeLine(about.locale, notMeUrl), lastLineOf(bound, code));
  return lintTemplate(template, { values, lastLine: template.channel === 'sms' ? below : null });
}

/** The refusal of words that have errors, null when they have none. */
export function lintProblem(findings: readonly Finding[]): Problem | null {
  const errors: readonly FieldError[] = findings
    .filter(({ level }) => level === 'error')
    .map(({ pointer, code, detail }) => ({ pointer, code, detail }));
  return errors.length === 0 ? null : { code: 'invalid_request', detail: 'The template cannot be used.', errors };
}

/** What the linter said, to somebody who writes placeholders by other names and has no field beside the text. */
export function inTheirWords(detail: string, names: Readonly<Partial<Record<Placeholder, string>>>): string {
  const said = detail.replace('allow_links allows it, ', '');
  return fillPlaceholders(said, (name) => names[name] ?? `{${name}}`);
}

/** What its author should know. */
export function warningsOf(findings: readonly Finding[]): readonly string[] {
  return findings.filter(({ level }) => level === 'warning').map(({ detail }) => detail);
}
