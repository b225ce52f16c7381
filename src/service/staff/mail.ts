import { code, sealed } from '../../core/redacted.ts';
import { newId } from '../../core/id.ts';
import type { Channel } from '../../ports/channel.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import { providersFor } from '../channels.ts';
import type { ServiceDeps } from '../deps.ts';

const MAIL_KIND = 'staff_mail';
const BATCH = 20;
const LEASE_MS = 60_000;
const DEADLINE_MS = 10_000;
/** Then the link in it is not worth much any more. */
const LIFE_MS = 1_800_000;
/** How long after each try the next comes. */
const WAITS_MS = [10_000, 30_000, 60_000, 180_000, 300_000];

/** A mail to somebody at the desk. `to` null = nobody: it is written and taken like any other, and goes nowhere. */
export interface StaffMail {
  readonly application: string;
  readonly to: string | null;
  readonly subject: string;
  readonly text: string;
}

type Deps = Pick<ServiceDeps, 'store' | 'ring' | 'env' | 'providers' | 'applicationProviders' | 'inboxChannel'>;

/** Queues a mail, durably; a worker sends it. */
export async function queueMail(deps: Deps, mail: StaffMail): Promise<void> {
  const now = await deps.store.verifications.time();
  const id = newId('eml', now, deps.env.randomText(20));
  await deps.store.documents.put({
    kind: MAIL_KIND,
    id,
    application: mail.application,
    index: null,
    version: 1,
    body: deps.ring.seal('agent', JSON.stringify({ ...mail, tries: 0 }), id).reveal(),
    createdAt: now,
    dueAt: now,
    endsAt: now + LIFE_MS,
  });
}

/** Sends what is due, each through the first e-mail provider that takes it. Returns how many were taken up. */
export async function mailDue(deps: Deps): Promise<number> {
  const now = await deps.store.verifications.time();
  const due = await deps.store.documents.claim(MAIL_KIND, now, BATCH, LEASE_MS);
  await Promise.all(due.map((document) => sendOne(deps, document, now)));
  return due.length;
}

async function sendOne(deps: Deps, document: StoredDocument, now: number): Promise<void> {
  const opened = deps.ring.open('agent', sealed(document.body), document.id);
  const mail = opened === null ? null : (JSON.parse(opened) as StaffMail & { readonly tries: number });
  if (mail === null || mail.to === null || (await isTaken(deps, document, { ...mail, to: mail.to })))
    return void (await deps.store.documents.remove(MAIL_KIND, document.id));
  const wait = WAITS_MS[mail.tries];
  deps.env.log({ event: 'staff_mail.refused', level: 'warn', mail: document.id, again: wait !== undefined });
  if (wait === undefined) return void (await deps.store.documents.remove(MAIL_KIND, document.id));
  const body = deps.ring.seal('agent', JSON.stringify({ ...mail, tries: mail.tries + 1 }), document.id).reveal();
  await deps.store.documents.put({ ...document, version: document.version + 1, body, dueAt: now + wait });
}

async function isTaken(
  deps: Deps,
  document: StoredDocument,
  mail: StaffMail & { readonly to: string },
): Promise<boolean> {
  const application = (await deps.store.applications.list()).find(({ id }) => id === mail.application);
  const channels = application === undefined ? [] : providersFor(deps as ServiceDeps, application, 'live', 'email');
  for (const channel of channels) {
    if (await takes(channel, document, mail)) return true;
  }
  return false;
}

async function takes(
  channel: Channel,
  document: StoredDocument,
  mail: StaffMail & { readonly to: string },
): Promise<boolean> {
  try {
    const outcome = await channel.send(
      {
        sendId: document.id,
        verification: document.id,
        channel: 'email',
        to: mail.to,
        from: null,
        subject: mail.subject,
        text: mail.text,
        html: null,
        locale: 'en',
        code: code(''),
        expiresAt: document.endsAt ?? 0,
      },
      AbortSignal.timeout(DEADLINE_MS),
    );
    // An unknown outcome may have gone out: a second link would not hurt, a second mail is not worth it.
    return outcome.type === 'accepted' || outcome.retry === 'once';
  } catch {
    return false;
  }
}
