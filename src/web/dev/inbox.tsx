import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Service } from '../../service/api.ts';
import { Clock } from '../components/clock.tsx';
import { Empty } from '../components/empty.tsx';
import { Flash } from '../components/flash.tsx';
import { DeveloperPage } from '../components/layout.tsx';
import type { PagesOptions } from '../options.ts';
import { href } from '../site.ts';
import { visible } from '../visible.ts';
import { CHANNEL_WORDS } from '../components/channel-words.ts';
import { SendCommand } from './commands.tsx';
import { Message } from './message.tsx';

/** A message as the inbox page gets it. */
export type InboxEntry = Awaited<ReturnType<Service['inbox']['all']>>[number];

/** What the address of the page asks for. */
export interface InboxQuery {
  /** The destination that is looked for; empty = all. */
  readonly to: string;
  /** The send that is shown; empty or unknown = the newest. */
  readonly message: string;
  /** True after “Empty the inbox”. */
  readonly emptied: boolean;
}

interface InboxProps {
  readonly options: PagesOptions;
  readonly query: InboxQuery;
  readonly entries: readonly InboxEntry[];
}

export const INBOX_PATH = '/dev/inbox';

/** The only page that shows codes: what test keys and development mode would have sent. */
export function InboxPage({ options, query, entries }: InboxProps): JSX.Element {
  return (
    <DeveloperPage site={options} title="Inbox" path={INBOX_PATH}>
      <div class="stack">
        <InboxHead options={options} query={query} />
        {query.emptied ? (
          <Flash tone="good" dismiss={href(options, INBOX_PATH)}>
            <strong>Inbox emptied.</strong>
          </Flash>
        ) : null}
        <Flash tone="warn">
          <strong>Development only.</strong> This is the only page that shows codes. It does not exist in production.
        </Flash>
        {entries.length === 0 && query.to === '' ? (
          <NothingSent options={options} />
        ) : (
          <Messages options={options} query={query} entries={entries} />
        )}
      </div>
    </DeveloperPage>
  );
}

function InboxHead({ options, query }: { options: PagesOptions; query: InboxQuery }): JSX.Element {
  return (
    <div class="head">
      <div>
        <h1>Inbox</h1>
        <p>
          What test keys and development mode would have sent, for ten minutes. As of <Clock at={options.now()} /> UTC.
        </p>
      </div>
      <div class="row no-print">
        <a class="btn btn-small" href={inboxHref(options, query.to, '')}>
          Refresh
        </a>
        <form method="post" action={href(options, INBOX_PATH)}>
          <button class="btn btn-small">Empty the inbox</button>
        </form>
      </div>
    </div>
  );
}

function NothingSent({ options }: { options: PagesOptions }): JSX.Element {
  return (
    <section class="card">
      <Empty title="Nothing sent yet">
        <p>Send a code with this command, then refresh this page.</p>
      </Empty>
      <SendCommand options={options} />
    </section>
  );
}

function Messages({ options, query, entries }: InboxProps): JSX.Element {
  const shown = entries.find((entry) => entry.send_id === query.message) ?? entries[0];
  return (
    <div class="cols cols-list">
      <section class="card card-flush">
        <form class="card-head" method="get" action={href(options, INBOX_PATH)}>
          <div class="field">
            <label for="to">To</label>
            <div class="affix">
              <input class="input" type="search" id="to" name="to" placeholder="Number or e-mail" value={query.to} />
              <button class="btn">Find</button>
            </div>
          </div>
        </form>
        <ul class="pick">
          {entries.map((entry) => (
            <Entry entry={entry} current={entry === shown} address={inboxHref(options, query.to, entry.send_id)} />
          ))}
        </ul>
      </section>
      {shown === undefined ? (
        <section class="card">
          <Empty title="Nothing was sent there">
            <p>
              No message to <bdi>{visible(query.to)}</bdi> in the last ten minutes. Write the whole number with its
              country code, or the whole address.
            </p>
            <a class="btn" href={href(options, INBOX_PATH)}>
              Show every message
            </a>
          </Empty>
        </section>
      ) : (
        <Message entry={shown} options={options} />
      )}
    </div>
  );
}

function Entry({ entry, current, address }: { entry: InboxEntry; current: boolean; address: string }): JSX.Element {
  const line = visible(entry.subject ?? entry.text.split('\n')[0] ?? '');
  return (
    <li>
      <a href={address} aria-current={current ? 'true' : undefined}>
        <strong>
          <bdi>{visible(entry.to)}</bdi>
        </strong>
        <span class="small quiet">
          <Clock at={Date.parse(entry.created_at)} />
        </span>
        <span class="small quiet" dir="auto">
          {line}
        </span>
        <span class="small">{CHANNEL_WORDS[entry.channel]}</span>
      </a>
    </li>
  );
}

function inboxHref(options: PagesOptions, to: string, message: string): string {
  const query = new URLSearchParams();
  if (to !== '') query.set('to', to);
  if (message !== '') query.set('message', message);
  const text = query.toString();
  return href(options, text === '' ? INBOX_PATH : `${INBOX_PATH}?${text}`);
}
