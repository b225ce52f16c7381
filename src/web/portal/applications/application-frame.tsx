import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Asset } from '../../assets.ts';
import { href } from '../../site.ts';
import type { Page } from '../page.tsx';
import type { Visit } from '../visit.ts';
import { APPLICATIONS_PATH, type Scope } from './scope.ts';

/** The parts of an application's settings, in the order of the tabs. */
const TABS = [
  ['general', '', 'General'],
  ['policies', '/policies', 'Policies'],
  ['limits', '/limits', 'Limits'],
  ['providers', '/providers', 'Providers'],
  ['templates', '/templates', 'Templates'],
  ['keys', '/keys', 'API keys'],
  ['webhooks', '/webhooks', 'Webhooks'],
  ['lists', '/lists', 'Lists'],
  ['suppressions', '/suppressions', 'Suppressions'],
  ['access', '/access', 'Desk access'],
] as const;
type Tab = (typeof TABS)[number][0];

interface Framed {
  readonly tab: Tab;
  readonly body: JSX.Element;
  /** After an error in a form. */
  readonly failed?: boolean;
  /** Of a page below the tab. */
  readonly title?: string;
  readonly lead?: string;
  /** Scripts that the page works without. */
  readonly scripts?: readonly Asset[];
}

/** A page of an application's settings: its name, the tabs, and what the page shows. */
export function framed(visit: Visit, { view, path }: Scope, page: Framed): Page {
  const { tab, body, failed = false, title, lead, scripts = [] } = page;
  const above = { path: APPLICATIONS_PATH, word: 'Applications' };
  return {
    title: title ?? view.name,
    ...(lead === undefined ? {} : { lead }),
    crumbs: title === undefined ? [above] : [above, { path, word: view.name }],
    scripts,
    error: failed,
    status: failed ? 422 : 200,
    body: (
      <div>
        <nav class="tabs" aria-label="Settings of this application">
          {TABS.map(([name, below, word]) => (
            <a href={href(visit.options, path + below)} aria-current={name === tab ? 'page' : undefined}>
              {word}
            </a>
          ))}
        </nav>
        {body}
      </div>
    ),
  };
}
