import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { ROLE_NAMES } from '../../core/staff.ts';
import type { Asset } from '../assets.ts';
import { Flash } from '../components/flash.tsx';
import { Icon } from '../components/icon.tsx';
import { Brand, Document } from '../components/layout.tsx';
import { href } from '../site.ts';
import { FlashLine, flashOf } from './flash.tsx';
import { NAV } from './nav.ts';
import type { Visit } from './visit.ts';

/** Words and places around what a page shows. */
export interface PageHead {
  /** The h1. */
  readonly title: string;
  /** One sentence below it. */
  readonly lead?: JSX.Element | string;
  /** Pages above this one, outermost first. */
  readonly crumbs?: readonly { readonly path: string; readonly word: string }[];
  /** Buttons and links beside the title. */
  readonly actions?: JSX.Element;
  /** True after an error in a form: said in the window's title. */
  readonly error?: boolean;
  /** Scripts that the page works without. */
  readonly scripts?: readonly Asset[];
  /** Small counts beside entries of the menu, by path, with the words for screen readers: `{ '/desk': [2, 'open codes'] }`. */
  readonly tallies?: Readonly<Record<string, readonly [count: number, what: string]>>;
}

type DeskPageProps = PropsWithChildren<{ visit: Visit; head: PageHead }>;

/** A page of the desk: the side column, the title, what the form before had to say, and the page. */
export function DeskPage({ visit, head, children }: DeskPageProps): JSX.Element {
  const { title, error = false, scripts = [] } = head;
  const note = flashOf(visit);
  return (
    <Document site={visit.options} title={error ? `Error: ${title}` : title} scripts={scripts}>
      <a class="skip-link" href="#main">
        Skip to main content
      </a>
      <div class="shell">
        <SideColumn visit={visit} tallies={head.tallies ?? {}} />
        <main class="main" id="main">
          <Head visit={visit} head={head} />
          <Stopped visit={visit} />
          {note === null || note.field !== undefined ? (
            children
          ) : (
            <div class="stack-wide">
              <FlashLine visit={visit} note={note} />
              {children}
            </div>
          )}
        </main>
      </div>
    </Document>
  );
}

/** Said on every page while nothing goes out. */
function Stopped({ visit }: { visit: Visit }): JSX.Element | null {
  const { application, options } = visit;
  if (!application.sends_stopped) return null;
  return (
    <Flash tone="warn">
      <strong>All sends of {application.name} are stopped.</strong> No code goes out.{' '}
      {visit.may('administration') ? (
        <a href={href(options, `/desk/applications/${application.id}/stop`)}>Start them again</a>
      ) : (
        'An administrator can start them again.'
      )}
    </Flash>
  );
}

function Head({ visit, head }: { visit: Visit; head: PageHead }): JSX.Element {
  const { title, lead, crumbs, actions } = head;
  return (
    <div class="head">
      <div>
        {crumbs === undefined ? null : (
          <nav class="crumbs" aria-label="Breadcrumb">
            {crumbs.map(({ path, word }, at) => (
              <>
                {at === 0 ? null : ' / '}
                <a href={href(visit.options, path)}>{word}</a>
              </>
            ))}
          </nav>
        )}
        <h1>{title}</h1>
        {lead === undefined ? null : <p>{lead}</p>}
      </div>
      {actions === undefined ? null : <div class="row no-print">{actions}</div>}
    </div>
  );
}

type ColumnProps = { visit: Visit; tallies: NonNullable<PageHead['tallies']> };

function SideColumn(props: ColumnProps): JSX.Element {
  const { visit } = props;
  const setup = entriesOf(props, 'setup');
  return (
    <header class="side">
      <Brand site={visit.options} path="/desk" />
      <button class="btn btn-small menu" type="button" popovertarget="nav">
        Menu
      </button>
      <nav class="nav" id="nav" popover="auto" aria-label="Main">
        <h2>
          <bdi>{visit.application.brand}</bdi>
        </h2>
        <Entries {...props} part="work" />
        {setup.length === 0 ? null : <h2>Set up</h2>}
        {setup.length === 0 ? null : <Entries {...props} part="setup" />}
        <Who visit={visit} />
      </nav>
    </header>
  );
}

function entriesOf({ visit }: ColumnProps, part: keyof typeof NAV) {
  return NAV[part].filter(({ path, right }) => visit.hasPage(path) && (right === 'staff' || visit.may(right)));
}

function Entries({ part, ...props }: ColumnProps & { part: keyof typeof NAV }): JSX.Element {
  const { visit, tallies } = props;
  return (
    <ul>
      {entriesOf(props, part).map(({ path, word, icon }) => (
        <li>
          <a href={href(visit.options, path)} aria-current={isCurrent(visit, path) ? 'page' : undefined}>
            <Icon name={icon} />
            {word}
            <Tally tally={tallies[path]} />
          </a>
        </li>
      ))}
    </ul>
  );
}

function Tally({ tally }: { tally: readonly [count: number, what: string] | undefined }): JSX.Element | null {
  if (tally === undefined || tally[0] === 0) return null;
  return (
    <span class="tally">
      {tally[0]}
      <span class="visually-hidden"> {tally[1]}</span>
    </span>
  );
}

function isCurrent({ url }: Visit, path: string): boolean {
  const here = url.pathname.replace(/\/$/, '');
  if (path === '/desk') return here === path || /^\/desk\/(?:verifications|skip)(?:\/|$)/.test(here);
  return here === path || here.startsWith(`${path}/`);
}

function Who({ visit }: { visit: Visit }): JSX.Element {
  const { options, agent } = visit;
  return (
    <div class="who">
      <div>
        <a href={href(options, '/desk/account')} aria-current={isCurrent(visit, '/desk/account') ? 'page' : undefined}>
          <bdi>{agent.name}</bdi>
        </a>
        {ROLE_NAMES[agent.role]}
      </div>
      <form method="post" action={href(options, '/desk/sign-out')}>
        <button class="btn btn-small">Sign out</button>
      </form>
    </div>
  );
}
