import { parseDestination } from '../core/address.ts';
import { ok, type Result } from '../core/errors.ts';
import type { Mode } from '../core/verification.ts';
import { timestamp, type InboxMessageView } from '../core/views.ts';
import type { KeyRing } from '../crypto/index.ts';
import type { Message } from '../ports/channel.ts';
import type { InboxMessage } from '../ports/inbox.ts';
import type { Store } from '../ports/store.ts';
import type { Caller, InboxService } from './api.ts';
import type { ServiceDeps } from './deps.ts';

const MOST = 100;

/** What is sealed of a message. */
interface Contents {
  readonly to: string;
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
}

/** What the `inbox` channel writes through: the message sealed, for ten minutes. */
export function inboxWriter(deps: {
  readonly store: Store;
  readonly ring: KeyRing;
  readonly now: () => number;
}): (message: Message) => Promise<void> {
  return async (message) => {
    const { record } = await deps.store.verifications.get(message.verification);
    const contents: Contents = { to: message.to, subject: message.subject, text: message.text, html: message.html };
    await deps.store.inbox.put({
      sendId: message.sendId,
      verification: message.verification,
      application: record?.application ?? '',
      mode: record?.mode ?? 'test',
      channel: message.channel,
      toIndex: deps.ring.index('address', message.to),
      sealed: deps.ring.seal('message', JSON.stringify(contents), message.sendId),
      createdAt: deps.now(),
    });
  };
}

/** Reading it back: test sends by their application's test keys; all of it on the development page. */
export function createInbox(deps: ServiceDeps): InboxService {
  return {
    list: (caller, to) => listFor(deps, caller, to),
    async all(to) {
      const found = await read(deps, { toIndexes: to === undefined ? undefined : indexesOf(deps, null, to) });
      return found.map(({ message, view }) => ({ ...view, verification: message.verification }));
    },
    clear: () => deps.store.inbox.clear(),
  };
}

async function listFor(
  deps: ServiceDeps,
  caller: Caller,
  to: string | undefined,
): Promise<Result<{ readonly data: readonly InboxMessageView[] }>> {
  const toIndexes = to === undefined ? undefined : indexesOf(deps, caller.application.default_country, to);
  const found = await read(deps, { application: caller.application.id, mode: 'test', toIndexes });
  return ok({ data: found.map((entry) => entry.view) });
}

/** An address that cannot be parsed matches nothing. */
function indexesOf(deps: ServiceDeps, defaultCountry: string | null, to: string): readonly string[] {
  const parsed = parseDestination(to, { defaultCountry });
  return parsed.ok ? deps.ring.indexes('address', parsed.destination.value) : [];
}

async function read(
  deps: ServiceDeps,
  filter: { readonly application?: string; readonly mode?: Mode; readonly toIndexes: readonly string[] | undefined },
): Promise<readonly { readonly message: InboxMessage; readonly view: InboxMessageView }[]> {
  const { toIndexes, ...rest } = filter;
  const query = { ...rest, now: deps.env.now(), limit: MOST, ...(toIndexes === undefined ? {} : { toIndexes }) };
  const messages = await deps.store.inbox.list(query);
  return messages.flatMap((message) => {
    const view = viewOf(deps, message);
    return view === null ? [] : [{ message, view }];
  });
}

function viewOf(deps: ServiceDeps, message: InboxMessage): InboxMessageView | null {
  const opened = deps.ring.open('message', message.sealed, message.sendId);
  if (opened === null) return null;
  const { to, subject, text, html } = JSON.parse(opened) as Contents;
  return {
    send_id: message.sendId,
    to,
    channel: message.channel,
    subject,
    text,
    html,
    created_at: timestamp(message.createdAt),
  };
}
