import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Asset } from '../assets.ts';
import { Brand, Document } from '../components/layout.tsx';
import { href, type Site } from '../site.ts';

/** A page before signing in: one column, one thing to do. `brand` is the application's name. */
export function EntrancePage(
  props: PropsWithChildren<{ site: Site; title: string; brand: string; error?: boolean; scripts?: readonly Asset[] }>,
): JSX.Element {
  const { site, title, brand, error = false, scripts = [], children } = props;
  return (
    <Document site={site} title={error ? `Error: ${title}` : title} class="public" scripts={scripts}>
      <header class="public-top">
        <Brand site={site} path="/desk" />
      </header>
      <main id="main">{children}</main>
      <footer class="public-foot">
        <span>
          <bdi>{brand}</bdi> support desk
        </span>
        <nav class="row" aria-label="Footer">
          <a href={href(site, '/docs')}>API reference</a>
        </nav>
      </footer>
    </Document>
  );
}
