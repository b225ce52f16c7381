import { isPlainLink } from './links.ts';

/** Elements of a message's body, and the attributes each may have beside {@link COMMON}. */
const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  p: [],
  div: [],
  span: [],
  br: [],
  hr: [],
  b: [],
  strong: [],
  i: [],
  em: [],
  u: [],
  small: [],
  bdi: [],
  h1: [],
  h2: [],
  h3: [],
  ul: [],
  ol: [],
  li: [],
  blockquote: [],
  table: ['role', 'width', 'cellpadding', 'cellspacing', 'border'],
  thead: [],
  tbody: [],
  tr: [],
  th: ['colspan', 'rowspan', 'width', 'scope'],
  td: ['colspan', 'rowspan', 'width'],
  a: ['href'],
};
const COMMON: readonly string[] = ['style', 'dir', 'lang', 'align'];
const VOID: readonly string[] = ['br', 'hr'];
/** Elements within a line: what they hold reads on as one word. */
const INLINE = /<\/?(?:span|b|strong|i|em|u|small|bdi|a)(?: [^<>]*)?>/g;

const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"<>{}&]*")*) ?\/?>/y;
const ATTRIBUTE = / ([a-z]+)="([^"]*)"/g;
/** Numbers of characters could spell anything, a placeholder or a link too. */
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|nbsp|#39);)/;
/** Looks only: nothing that loads, hides, moves or calls. */
const LOOK =
  /^\s*(?:(?:background-)?color|font-(?:size|weight|family|style)|line-height|letter-spacing|text-(?:align|decoration)|(?:margin|padding|border)[a-z-]*|(?:max-)?width)\s*:[#\w .,%'-]+$/;

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&nbsp;': ' ',
};

/** What is wrong with the HTML of a template, null = nothing: only known elements, well nested, only looks. */
export function htmlProblem(html: string, allowLinks: boolean): string | null {
  if (ENTITY.test(html)) return 'has an & that is none of &amp; &lt; &gt; &quot; &apos; &nbsp;';
  const open: string[] = [];
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    TAG.lastIndex = at;
    const tag = TAG.exec(html);
    if (tag === null) return `has something at character ${at} that is no plain tag with quoted attributes`;
    const [all, slash, name = '', attributes = ''] = tag;
    const problem = tagProblem(name, attributes, allowLinks);
    if (problem !== null) return problem;
    if (slash === '/') {
      if (open.pop() !== name) return `closes <${name}> where it is not open`;
    } else if (!VOID.includes(name)) open.push(name);
    at += all.length;
  }
  const last = open.at(-1);
  return last === undefined ? null : `does not close <${last}>`;
}

/** What a reader sees of checked HTML, as text. */
export function visibleText(html: string): string {
  const text = html.replace(INLINE, '').replace(/<[^<>]*>/g, '\n');
  return text.replace(/&[a-z#0-9]+;/g, (entity) => ENTITIES[entity] ?? entity);
}

function tagProblem(name: string, attributes: string, allowLinks: boolean): string | null {
  const own = Object.hasOwn(ELEMENTS, name) ? ELEMENTS[name] : undefined;
  if (own === undefined) return `has <${name}>, which messages may not have`;
  if (name === 'a' && !allowLinks) return 'has a link, which allow_links does not allow';
  for (const [, attribute = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (!COMMON.includes(attribute) && !own.includes(attribute)) return `has the attribute ${attribute} in <${name}>`;
    if (attribute === 'style' && !value.split(';').every(isLook))
      return `has a style in <${name}> that may do more than look`;
    if (attribute === 'href' && !isPlainLink(value)) return 'has a link that is no plain https address';
  }
  return null;
}

function isLook(declaration: string): boolean {
  return declaration.trim() === '' || LOOK.test(declaration);
}
