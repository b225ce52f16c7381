import { supportedLocale } from '../locale.ts';
import { PAYMENT } from '../payment.ts';
import { INVISIBLE } from '../plain-text.ts';
import { smsSize } from '../segments.ts';
import { htmlProblem, visibleText } from './html.ts';
import { linkProblem } from './links.ts';
import { fillPlaceholders, placeholdersIn, PLACEHOLDER_NAMES, strayBraces, type Values } from './placeholders.ts';
import type { TemplateContent } from './template.ts';

/** The longest parts of a template, in UTF-16 units. */
export const TEMPLATE_BOUNDS = { subject: 120, text: 1_000, html: 10_000 } as const;
/** An SMS in more parts than this is refused. */
const MOST_SEGMENTS = 4;
/** Beyond so many characters a code no longer shows on a locked phone or a watch. */
const EARLY = 60;

/** One thing about a template. An `error` keeps it from being used; a `warning` is for its author. `pointer` is into the template. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

type Part = 'subject' | 'text' | 'html';

/** Marks that right-to-left texts and some scripts need inside words; overrides and isolates are none of them. */
const NEEDED = /\n|\u200c|\u200d|\u200e|\u200f|\u061c/g;

/**
 * Everything to say about the words of a message, whoever wrote them: templates of the API, of the configuration file, and texts that
 * callers of other APIs send along. `values` are those it may be filled with, to know its size as SMS; `lastLine` goes below it.
 */
export function lintTemplate(
  template: TemplateContent,
  { values, lastLine }: { readonly values: Values; readonly lastLine: string | null },
): readonly Finding[] {
  const parts = (['subject', 'text', 'html'] as const).flatMap((part) => {
    const text = template[part];
    return text === null ? [] : [[part, text] as const];
  });
  const errors = [
    ...channelErrors(template),
    ...parts.flatMap(([part, text]) => partErrors(template, part, text)),
    ...codeErrors(template),
    ...confirmErrors(template),
    ...timeErrors(template),
  ];
  if (errors.length > 0) return errors;
  return [...sizeFindings(template, values, lastLine), ...warnings(template)];
}

function error(part: Part | 'channel', code: string, detail: string): Finding {
  return { level: 'error', pointer: `/${part}`, code, detail };
}

function warning(part: Part, code: string, detail: string): Finding {
  return { level: 'warning', pointer: `/${part}`, code, detail };
}

function channelErrors({ channel, subject, html }: TemplateContent): readonly Finding[] {
  if (channel === 'email') return [];
  const detail = 'is for e-mail only';
  return [
    ...(subject === null ? [] : [error('subject', 'not_for_channel', detail)]),
    ...(html === null ? [] : [error('html', 'not_for_channel', detail)]),
  ];
}

function partErrors({ allow_links: allowLinks }: TemplateContent, part: Part, text: string): readonly Finding[] {
  const bound = TEMPLATE_BOUNDS[part];
  if (text.length > bound) return [error(part, 'too_long', `has more than ${bound} characters`)];
  const found: Finding[] = [];
  const unseen = characterError(part, text);
  if (unseen !== null) found.push(unseen);
  const stray = strayBraces(text);
  if (stray !== null) {
    const detail = `has ${JSON.stringify(stray)}; only these stand between braces: ${PLACEHOLDER_NAMES.map((name) => `{${name}}`).join(' ')}`;
    found.push(error(part, 'unknown_placeholder', detail));
  }
  const broken = part === 'html' ? htmlProblem(text, allowLinks) : null;
  if (broken !== null) return [...found, error(part, 'bad_html', broken)];
  return [...found, ...linkErrors(part, text, allowLinks)];
}

function characterError(part: Part, text: string): Finding | null {
  const plain = part === 'subject' ? text : text.replaceAll('\n', ' ');
  if (/\p{Cc}/u.test(plain))
    return error(part, 'control_character', `has a control character${part === 'subject' ? ' or a line end' : ''}`);
  if (INVISIBLE.test(plain.replace(NEEDED, '')))
    return error(part, 'invisible_character', 'has an invisible character or one that turns the direction of the text');
  return plain.trim() === '' ? error(part, 'empty', 'has nothing to read') : null;
}

function linkErrors(part: Part, text: string, allowLinks: boolean): readonly Finding[] {
  const read = part === 'html' ? visibleText(text) : text;
  const problem = linkProblem(read, allowLinks && part !== 'subject');
  if (problem === 'link')
    return [
      error(part, 'link', 'has what phones make a link of; allow_links allows it, a blank behind the dot avoids it'),
    ];
  if (problem === 'bad_link')
    return [
      error(
        part,
        'bad_link',
        'has a link that is no plain https address with a host in a-z, or has a placeholder in it',
      ),
    ];
  if (!allowLinks && placeholdersIn(text).has('domain'))
    return [error(part, 'link', 'has {domain}, of which phones make a link: it needs allow_links')];
  return [];
}

function codeErrors({ channel, subject, text, html }: TemplateContent): readonly Finding[] {
  const most = channel === 'voice' ? 2 : 1;
  const of = (part: 'text' | 'html', content: string): readonly Finding[] => {
    const count = placeholdersIn(content).get('code') ?? 0;
    if (count === 0) return [error(part, 'missing_code', 'needs {code}')];
    return count > most
      ? [error(part, 'repeated_code', `may have {code} ${most === 1 ? 'once' : 'twice at most'}`)]
      : [];
  };
  return [
    ...of('text', text),
    ...(html === null ? [] : of('html', html)),
    ...(subject !== null && placeholdersIn(subject).has('code')
      ? [error('subject', 'code_in_subject', 'must not have {code}: subjects are shown on locked screens and logged')]
      : []),
  ];
}

/** `{link}` stands once, by itself and in both parts of an e-mail, so that no word of the author's changes where it leads. */
function confirmErrors({ channel, subject, text, html }: TemplateContent): readonly Finding[] {
  const count = (part: string | null): number => placeholdersIn(part ?? '').get('link') ?? 0;
  if (count(subject) > 0) return [error('subject', 'not_for_channel', 'must not have {link}')];
  if (count(text) + count(html) === 0) return [];
  if (channel !== 'email') return [error('text', 'not_for_channel', 'has {link}, which is for e-mail only')];
  return [...placeErrors('text', text, text), ...(html === null ? [] : placeErrors('html', html, visibleText(html)))];
}

/** Of one part of an e-mail whose other may have the link; `read` is the part as its reader sees it. */
function placeErrors(part: 'text' | 'html', content: string, read: string): readonly Finding[] {
  const count = placeholdersIn(content).get('link') ?? 0;
  if (count === 0) return [error(part, 'missing_link', 'needs {link} as the other part has it')];
  if (count > 1) return [error(part, 'repeated_link', 'may have {link} once')];
  const isAlone = !/\S\{link\}|\{link\}\S/.test(read) && !/<a\b(?:(?!<\/a>)[^])*\{link\}/.test(content);
  return isAlone ? [] : [error(part, 'bad_link', 'must have {link} by itself, with blanks around it')];
}

function timeErrors(template: TemplateContent): readonly Finding[] {
  const { locale } = template;
  if (locale === null || supportedLocale(locale) !== null) return [];
  return (['subject', 'text', 'html'] as const)
    .filter((part) => placeholdersIn(template[part] ?? '').has('time'))
    .map((part) =>
      error(part, 'unknown_placeholder', 'has {time}, for which there are no words in this language: use {minutes}'),
    );
}

function sizeFindings({ channel, text }: TemplateContent, values: Values, lastLine: string | null): readonly Finding[] {
  if (channel !== 'sms') return [];
  const filled = fillPlaceholders(text, (name) => values[name] ?? '');
  const { segments, encoding } = smsSize(lastLine === null ? filled : `${filled}\n${lastLine}`);
  if (segments <= 1) return [];
  const why = encoding === 'ucs2' ? ': it has characters outside the GSM alphabet' : '';
  if (segments > MOST_SEGMENTS)
    return [error('text', 'too_long', `takes ${segments} segments as SMS${why}; ${MOST_SEGMENTS} at most`)];
  return [warning('text', 'segments', `This SMS takes ${segments} segments${why}.`)];
}

function warnings({ channel, purpose, text, html }: TemplateContent): readonly Finding[] {
  const found: Finding[] = [];
  if (channel !== 'voice' && channel !== 'email' && text.indexOf('{code}') > EARLY)
    found.push(warning('text', 'late_code', 'The code comes late: it may not show on a locked phone.'));
  if (channel === 'voice' && (placeholdersIn(text).get('code') ?? 0) < 2)
    found.push(warning('text', 'spoken_once', 'The code is spoken once only: put {code} twice.'));
  if (/[$%#]\{[a-z]+\}/.test(text))
    found.push(warning('text', 'foreign_syntax', 'A $, % or # before a placeholder is sent as it stands.'));
  if (/[0-9]{4}/.test(text))
    found.push(warning('text', 'digits', 'Four digits in a row: phones may take them for the code.'));
  if (purpose === PAYMENT && [text, html ?? text].some((part) => !showsDetails(part)))
    found.push(
      warning(
        'text',
        'no_details',
        'Without {amount} and {payee} it is not used for payments that carry them in context.',
      ),
    );
  return found;
}

function showsDetails(text: string): boolean {
  const shown = placeholdersIn(text);
  return shown.has('amount') && shown.has('payee');
}
