import type { JSX } from 'hono/jsx/jsx-runtime';
import { href } from '../../site.ts';
import type { Visit } from '../visit.ts';

/** “Live” while the script listens; without scripts a link that reads the page again. */
export function LiveMark({ visit }: { visit: Visit }): JSX.Element {
  return (
    <span class="small" data-live-mark>
      <a href={href(visit.options, visit.url.pathname)}>Refresh</a>
    </span>
  );
}

interface Shown {
  readonly mark: string;
  /** When it changes the whole page is read again. */
  readonly state?: string;
  /** Said to screen readers when it is new. */
  readonly say?: string;
}

/** Tells the script `live` what to listen to and what the page shows. */
export function liveAttributes({ options }: Visit, path: string, { mark, state, say }: Shown): Record<string, string> {
  return {
    id: 'live',
    'data-live': href(options, path),
    'data-live-seen': mark,
    ...(state === undefined ? {} : { 'data-live-state': state }),
    ...(say === undefined ? {} : { 'data-live-say': say }),
  };
}
