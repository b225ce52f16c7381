/** The part of Markdown that the documentation is written in. Anything else stays text: no HTML of a page ever reaches a browser. */
export type Block =
  | { readonly type: 'heading'; readonly level: number; readonly id: string; readonly text: string }
  | { readonly type: 'paragraph'; readonly text: string }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly type: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

export type Inline =
  | { readonly type: 'text' | 'code' | 'strong' | 'em'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly to: string }
  | { readonly type: 'image'; readonly text: string };

/** A heading's anchor: lower case, punctuation dropped, blanks to hyphens. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

/** The blocks of a page, in order. */
export function blocksOf(page: string): readonly Block[] {
  const lines = page.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const [block, next] = blockAt(lines, at);
    if (block !== null) blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: readonly string[], at: number): readonly [Block | null, number] {
  const line = lines[at] ?? '';
  if (line.trim() === '') return [null, at + 1];
  if (line.startsWith('```')) return codeAt(lines, at);
  const heading = /^(#{1,6}) (.+)$/.exec(line);
  if (heading) {
    const text = heading[2] ?? '';
    return [{ type: 'heading', level: heading[1]?.length ?? 1, id: anchorOf(text), text }, at + 1];
  }
  if (line.startsWith('|')) return tableAt(lines, at);
  if (ITEM.test(line)) return listAt(lines, at);
  const end = endOf(lines, at, (one) => one.trim() === '' || /^(```|#{1,6} |\|)/.test(one) || ITEM.test(one));
  return [{ type: 'paragraph', text: lines.slice(at, end).join(' ') }, end];
}

const ITEM = /^(?:[-*]|\d+\.) +/;

/** The first line from the next one on that ends the block. */
function endOf(lines: readonly string[], at: number, ends: (line: string) => boolean): number {
  let end = at + 1;
  while (end < lines.length && !ends(lines[end] ?? '')) end++;
  return end;
}

function codeAt(lines: readonly string[], at: number): readonly [Block, number] {
  const end = endOf(lines, at, (line) => line.startsWith('```'));
  return [{ type: 'code', text: lines.slice(at + 1, end).join('\n') }, end + 1];
}

function tableAt(lines: readonly string[], at: number): readonly [Block, number] {
  const end = endOf(lines, at, (line) => !line.startsWith('|'));
  const [columns = [], , ...rows] = lines.slice(at, end).map(cellsOf);
  return [{ type: 'table', columns, rows }, end];
}

function cellsOf(line: string): readonly string[] {
  const inner = line.trim().replace(/^\||\|$/g, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function listAt(lines: readonly string[], at: number): readonly [Block, number] {
  const end = endOf(lines, at, (line) => !ITEM.test(line) && !/^\s+\S/.test(line));
  const items: string[] = [];
  for (const line of lines.slice(at, end)) {
    if (ITEM.test(line)) items.push(line.replace(ITEM, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return [{ type: 'list', ordered: /^\d/.test(lines[at] ?? ''), items }, end];
}

const INLINE = /`([^`]+)`|!\[([^\]]*)\]\([^)]*\)|\[([^\]]+)\]\(([^)\s]+)\)|\*\*([^*]+)\*\*|(?<!\w)_([^_]+)_(?!\w)/g;

/** The parts of one line of text. */
export function inlineOf(text: string): readonly Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) parts.push({ type: 'text', text: text.slice(from, match.index) });
    parts.push(partOf(match));
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ type: 'text', text: text.slice(from) });
  return parts;
}

function partOf([, code, image, link, to, strong, em]: RegExpExecArray): Inline {
  if (code !== undefined) return { type: 'code', text: code };
  if (image !== undefined) return { type: 'image', text: image };
  if (link !== undefined) return { type: 'link', text: link.replaceAll('`', ''), to: to ?? '' };
  return strong === undefined ? { type: 'em', text: em ?? '' } : { type: 'strong', text: strong };
}
