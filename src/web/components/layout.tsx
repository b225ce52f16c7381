import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { assetPath, MARK, STYLESHEET, type Asset } from '../assets.ts';
import { home, href, type Site } from '../site.ts';

type DocumentProps = PropsWithChildren<{
  readonly site: Site;
  readonly title: string;
  readonly lang?: string;
  readonly dir?: 'ltr' | 'rtl';
  readonly class?: string;
  /** Follows the title; the application's own name on its pages. */
  readonly product?: string;
  /** Scripts that the page works without, and further stylesheets, by path below the base path. */
  readonly scripts?: readonly Asset[];
  readonly styles?: readonly string[];
}>;

/** A whole HTML document. The title is the page's h1; the product follows it. */
export function Document(props: DocumentProps): JSX.Element {
  const {
    site,
    title,
    lang,
    dir,
    class: bodyClass,
    product = 'Watchword',
    scripts = [],
    styles = [],
    children,
  } = props;
  return (
    <html lang={lang ?? 'en'} dir={dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – ${product}`}</title>
        <link rel="icon" href={href(site, assetPath(MARK))} type="image/svg+xml" />
        <link rel="stylesheet" href={href(site, assetPath(STYLESHEET))} />
        {styles.map((path) => (
          <link rel="stylesheet" href={href(site, path)} />
        ))}
        {scripts.map((script) => (
          <script type="module" src={href(site, assetPath(script))}></script>
        ))}
      </head>
      <body class={bodyClass}>{children}</body>
    </html>
  );
}

/** The mark and the name, leading home or to `path`. */
export function Brand({ site, path }: { site: Site; path?: string }): JSX.Element {
  return (
    <a class="brand" href={path === undefined ? home(site) : href(site, path)}>
      <img src={href(site, assetPath(MARK))} alt="" />
      Watchword
    </a>
  );
}

interface MenuEntry {
  readonly path: string;
  readonly word: string;
  readonly development: boolean;
}

const MENU: readonly MenuEntry[] = [
  { path: '/', word: 'Welcome', development: true },
  { path: '/dev/inbox', word: 'Inbox', development: true },
  { path: '/docs', word: 'API reference', development: false },
];

/** A page for developers: centred, with the menu of developer pages. `path` is the page's own. */
export function DeveloperPage({
  site,
  title,
  path,
  children,
}: PropsWithChildren<{ site: Site; title: string; path: string }>): JSX.Element {
  const entries = MENU.filter((entry) => site.mode === 'development' || !entry.development);
  return (
    <Document site={site} title={title}>
      <a class="skip-link" href="#main">
        Skip to main content
      </a>
      <div class="plain">
        <header class="split no-print">
          <Brand site={site} />
          <nav class="row small" aria-label="Developer pages">
            {entries.map((entry) => (
              <a href={href(site, entry.path)} aria-current={entry.path === path ? 'page' : undefined}>
                {entry.word}
              </a>
            ))}
          </nav>
        </header>
        <main id="main">{children}</main>
      </div>
    </Document>
  );
}

/** A page for anyone: one column, one thing to do. */
export function PublicPage({ site, title, children }: PropsWithChildren<{ site: Site; title: string }>): JSX.Element {
  return (
    <Document site={site} title={title} class="public">
      <header class="public-top">
        <Brand site={site} />
      </header>
      <main id="main">{children}</main>
      <footer class="public-foot">
        <span>Watchword</span>
        <nav class="row" aria-label="Footer">
          <a href={href(site, '/docs')}>API reference</a>
        </nav>
      </footer>
    </Document>
  );
}
