import type { JSX } from 'hono/jsx/jsx-runtime';
import { Code } from '../components/code.tsx';
import { Pre } from '../components/pre.tsx';
import { Table } from '../components/table.tsx';
import { DocsPage, type TocGroup } from '../docs/layout.tsx';
import { href, type Site } from '../site.ts';
import { inlineOf, type Block, type Inline } from './markdown.ts';
import { type Guide, GUIDES_PATH, targetOf } from './pages.ts';

interface GuideProps {
  readonly site: Site;
  readonly guide: Guide;
  readonly guides: ReadonlyMap<string, Guide>;
}

/** One page of the documentation. */
export function GuidePage({ site, guide, guides }: GuideProps): JSX.Element {
  const path = `${GUIDES_PATH}/${guide.name}`;
  const names = new Set(guides.keys());
  const parts = (text: string): JSX.Element => <Parts site={site} from={guide.name} names={names} text={text} />;
  const sections = guide.blocks.filter((block) => block.type === 'heading' && block.level === 2);
  const toc: TocGroup = {
    title: guide.title,
    links: sections.flatMap((block) =>
      block.type === 'heading' ? [{ path: `${path}#${block.id}`, word: block.text.replaceAll('`', '') }] : [],
    ),
  };
  return (
    <DocsPage site={site} title={guide.title} lead="" path={path} groups={[ALL, toc]}>
      <section class="stack">
        {guide.blocks.map((block, index) => (
          <BlockOf block={block} label={labelOf(guide, index)} parts={parts} />
        ))}
      </section>
    </DocsPage>
  );
}

/** Tables are called after their section; each text to copy needs a name of its own. */
function labelOf({ title, blocks }: Guide, index: number): string {
  if (blocks[index]?.type === 'code') return `${title}, text ${index + 1}`;
  const section = blocks.slice(0, index).findLast((block) => block.type === 'heading');
  return section?.type === 'heading' ? section.text.replaceAll('`', '') : title;
}

const ALL: TocGroup = { title: 'Guides', links: [{ path: GUIDES_PATH, word: 'All pages' }] };

/** The list of all pages, by folder. */
export function GuidesPage({ site, guides }: Omit<GuideProps, 'guide'>): JSX.Element {
  const folders = new Map<string, Guide[]>();
  for (const guide of guides.values()) {
    const folder = guide.name.split('/').slice(0, -1).join('/');
    folders.set(folder, [...(folders.get(folder) ?? []), guide]);
  }
  return (
    <DocsPage
      site={site}
      title="Guides"
      lead="Everything that is written down, page by page."
      path={GUIDES_PATH}
      groups={[]}
    >
      {[...folders].map(([folder, pages]) => (
        <section class="stack">
          <h2>{folder === '' ? 'Pages' : folder}</h2>
          <ul>
            {pages.map(({ name, title }) => (
              <li>
                <a href={href(site, `${GUIDES_PATH}/${name}`)}>{title}</a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </DocsPage>
  );
}

interface BlockProps {
  readonly block: Block;
  readonly label: string;
  readonly parts: (text: string) => JSX.Element;
}

function BlockOf({ block, label, parts }: BlockProps): JSX.Element {
  switch (block.type) {
    case 'heading':
      return <Heading block={block} parts={parts} />;
    case 'code':
      return <Pre label={label}>{block.text}</Pre>;
    case 'list': {
      const items = block.items.map((item) => <li>{parts(item)}</li>);
      return block.ordered ? <ol class="measure">{items}</ol> : <ul class="measure">{items}</ul>;
    }
    case 'table': {
      const columns = block.columns.map((column) => column.replaceAll('`', ''));
      const rows = block.rows.map((cells) => ({ cells: cells.map(parts) }));
      return <Table caption={label} columns={columns} rows={rows} />;
    }
    case 'paragraph':
      return <p class="measure">{parts(block.text)}</p>;
  }
}

function Heading({ block, parts }: Omit<BlockProps, 'block' | 'label'> & { block: Block & { type: 'heading' } }) {
  if (block.level <= 2) return <h2 id={block.id}>{parts(block.text)}</h2>;
  return <h3 id={block.id}>{parts(block.text)}</h3>;
}

interface PartsProps {
  readonly site: Site;
  readonly from: string;
  readonly names: ReadonlySet<string>;
  readonly text: string;
}

function Parts({ site, from, names, text }: PartsProps): JSX.Element {
  return <>{inlineOf(text).map((part) => partOf(site, part, (link) => targetOf(from, link, names)))}</>;
}

function partOf(site: Site, part: Inline, target: (link: string) => string | null): JSX.Element {
  if (part.type === 'code') return <Code text={part.text} />;
  if (part.type === 'strong') return <strong>{part.text}</strong>;
  if (part.type === 'em' || part.type === 'image') return <em>{part.text}</em>;
  if (part.type !== 'link') return <>{part.text}</>;
  const to = target(part.to);
  if (to === null) return <>{part.text}</>;
  return <a href={to.startsWith('/') ? href(site, to) : to}>{part.text}</a>;
}
