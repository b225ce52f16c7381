import type { JSX } from 'hono/jsx/jsx-runtime';
import { Prose } from '../components/prose.tsx';
import type { Site } from '../site.ts';
import { Basics } from './basics.tsx';
import { DocsPage, type TocGroup } from './layout.tsx';
import { operations, type OpenApiDocument, type Operation } from './openapi.ts';
import { OperationSection } from './operation.tsx';

const LEAD = 'Version 1. JSON in and out, RFC 3339 times in UTC, ids with a type prefix.';

/** The reference of every call, made of the OpenAPI document alone. */
export function ReferencePage({ site, document }: { site: Site; document: OpenApiDocument }): JSX.Element {
  const groups = byTag(document);
  const toc: readonly TocGroup[] = groups.map(({ tag, calls }) => ({
    title: tag,
    links: calls.map((call) => ({ path: `/docs#${call.anchor}`, word: call.title })),
  }));
  return (
    <DocsPage site={site} title="API reference" lead={LEAD} path="/docs" groups={toc}>
      <Basics site={site} />
      {groups.map(({ tag, description, calls }) => (
        <>
          {description === '' ? null : (
            <section class="stack">
              <h2>{tag}</h2>
              <Prose text={description} />
            </section>
          )}
          {calls.map((call) => (
            <OperationSection site={site} document={document} operation={call} />
          ))}
        </>
      ))}
    </DocsPage>
  );
}

interface Group {
  readonly tag: string;
  readonly description: string;
  readonly calls: readonly Operation[];
}

/** Calls by their first tag: in the order of the document's tag list, then in the order they appear. */
function byTag(document: OpenApiDocument): readonly Group[] {
  const calls = operations(document);
  const listed = document.tags ?? [];
  const tags = new Set([...listed.map((tag) => tag.name), ...calls.map((call) => call.tag)]);
  return [...tags]
    .map((tag) => ({
      tag,
      description: listed.find((entry) => entry.name === tag)?.description ?? '',
      calls: calls.filter((call) => call.tag === tag),
    }))
    .filter((group) => group.calls.length > 0);
}
