import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { DeveloperPage } from '../components/layout.tsx';
import { href, type Site } from '../site.ts';

/** A group of links in the side menu. */
export interface TocGroup {
  readonly title: string;
  readonly links: readonly { readonly path: string; readonly word: string }[];
}

const START: TocGroup = {
  title: 'Start',
  links: [
    { path: '/docs', word: 'Overview' },
    { path: '/docs#authentication', word: 'Authentication' },
    { path: '/docs#idempotency', word: 'Idempotency' },
    { path: '/docs#paging', word: 'Paging' },
    { path: '/docs/errors', word: 'Errors' },
    { path: '/docs/policies', word: 'Policies' },
    { path: '/docs/pages', word: 'Guides' },
  ],
};

type DocsPageProps = PropsWithChildren<{
  site: Site;
  title: string;
  lead: string;
  path: string;
  /** What this page itself adds to the menu. */
  groups: readonly TocGroup[];
}>;

/** A page of the reference: the menu beside, the title and a first sentence above. */
export function DocsPage({ site, title, lead, path, groups, children }: DocsPageProps): JSX.Element {
  return (
    <DeveloperPage site={site} title={title} path={path}>
      <div class="cols cols-docs">
        <nav class="toc" aria-label="API reference">
          {[START, ...groups].map((group) => (
            <>
              <h2>{group.title}</h2>
              {group.links.map((link) => (
                <a href={href(site, link.path)} aria-current={link.path === path ? 'true' : undefined}>
                  {link.word}
                </a>
              ))}
            </>
          ))}
        </nav>
        <div class="stack-wide">
          <div class="head">
            <div>
              <h1>{title}</h1>
              <p>{lead}</p>
            </div>
            <div class="row no-print">
              <a class="btn" href={href(site, '/openapi.json')}>
                openapi.json
              </a>
            </div>
          </div>
          {children}
        </div>
      </div>
    </DeveloperPage>
  );
}
