import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { blocksOf, type Block } from './markdown.ts';

export const GUIDES_PATH = '/docs/pages';
/** At the root of the package, both for the sources and for the build. */
const FOLDER = new URL('../../../docs/', import.meta.url);

/** A page of the documentation: `name` is its path below docs/ without the ending. */
export interface Guide {
  readonly name: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Every page, by name. A build without the documentation has none. */
export function readGuides(): ReadonlyMap<string, Guide> {
  if (!existsSync(FOLDER)) return new Map();
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  const names = files.filter((path) => path.endsWith('.md')).map((path) => path.slice(0, -'.md'.length));
  return new Map(names.toSorted().map((name) => [name, guideOf(name)]));
}

function guideOf(name: string): Guide {
  const [first, ...rest] = blocksOf(readFileSync(new URL(`${name}.md`, FOLDER), 'utf8'));
  const isTitle = first?.type === 'heading';
  return {
    name,
    title: isTitle ? first.text.replaceAll('`', '') : name,
    blocks: isTitle || first === undefined ? rest : [first, ...rest],
  };
}

/**
 * Where a link of a page leads on this site: another page, a heading, another site; null for files that the product does not serve.
 */
export function targetOf(from: string, link: string, names: ReadonlySet<string>): string | null {
  if (/^https?:\/\//.test(link) || link.startsWith('#')) return link;
  const [path = '', anchor] = link.split('#');
  const name = posix.join(posix.dirname(from), path).replace(/\.md$/, '');
  if (!path.endsWith('.md') || !names.has(name)) return null;
  return `${GUIDES_PATH}/${name}${anchor === undefined ? '' : `#${anchor}`}`;
}
