import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { Icon } from '../components/icon.tsx';
import { href, type Site } from '../site.ts';
import { EntrancePage } from './entrance-page.tsx';

/** A link that was used or is too old: why (the children), and the way on. */
export function DeadLink(
  props: PropsWithChildren<{ site: Site; way: { readonly path: string; readonly word: string } }>,
): JSX.Element {
  const { site, way, children } = props;
  return (
    <EntrancePage site={site} title="This link no longer works" brand="Watchword">
      <Icon name="clock" class="sign is-calm" />
      <div class="stack">
        <h1>This link no longer works</h1>
        <p>{children}</p>
      </div>
      <a class="btn btn-main" href={href(site, way.path)}>
        {way.word}
      </a>
    </EntrancePage>
  );
}
