import type { RememberedDevice } from '../api.ts';
import type { ServiceDeps } from '../deps.ts';
import type { StoredDocument } from '../../ports/documents.ts';

const KIND = 'remembered_device';
const DAY_MS = 86_400_000;
const TOKEN = /^([0-9A-Z]{20})\.([0-9A-Z]{32})$/;
/** More than one browser ever brings; more devices than one person has. */
const MOST_TOKENS = 4;
const MOST_DEVICES = 500;

/** What is stored of a browser that is remembered: its secret only as a keyed hash, its person only as blind index. */
interface Stored {
  readonly hash: string;
  readonly purpose: string;
  readonly toIndex: string;
}

type Deps = Pick<ServiceDeps, 'store' | 'ring' | 'env'>;

/** Whom a browser wants to be remembered as. Indexes stand under every key of the ring. */
export interface DeviceSubject {
  readonly application: string;
  readonly purpose: string;
  readonly toIndexes: readonly string[];
  readonly days: number;
}

/** One that is remembered, as it was found. */
export interface HeldDevice {
  readonly document: StoredDocument;
  readonly endsAt: number;
}

/** Remembers a browser from now on. The token is for its cookie, and for nobody else. */
export async function rememberDevice(
  deps: Deps,
  { application, purpose, toIndex, limitIndex, days }: Omit<DeviceSubject, 'toIndexes'> & Indexes,
): Promise<RememberedDevice> {
  const now = await deps.store.verifications.time();
  const id = deps.env.randomText(20);
  const secret = deps.env.randomText(32);
  const endsAt = now + days * DAY_MS;
  const body: Stored = { hash: deps.ring.hashToken(useOf(secret)), purpose, toIndex };
  await deps.store.documents.put({
    kind: KIND,
    id,
    application,
    // The folded address: whatever is said of one spelling of a mailbox holds for all.
    index: indexOf(application, limitIndex),
    version: 1,
    body: JSON.stringify(body),
    createdAt: now,
    dueAt: null,
    endsAt,
  });
  return { token: `${id}.${secret}`, endsAt };
}

interface Indexes {
  readonly toIndex: string;
  readonly limitIndex: string;
}

/**
 * The device that one of a browser's tokens stands for, if it is remembered for this very subject. A token that was used up before is
 * somebody's copy: then the device is remembered no more.
 */
export async function findDevice(
  deps: Deps,
  subject: DeviceSubject,
  tokens: readonly string[],
): Promise<HeldDevice | null> {
  for (const token of tokens.slice(0, MOST_TOKENS)) {
    const found = await findOne(deps, subject, token);
    if (found !== null) return found;
  }
  return null;
}

async function findOne(deps: Deps, subject: DeviceSubject, token: string): Promise<HeldDevice | null> {
  const kept = await keptOf(deps, subject.application, token);
  if (kept === null) return null;
  const { document, stored } = kept;
  if (!kept.isCurrent) {
    await deps.store.documents.remove(KIND, document.id);
    deps.env.log({ event: 'remembered_device.replayed', level: 'warn', application: subject.application });
    return null;
  }
  // Whoever lowers the days of the policy means what is remembered already, too.
  const endsAt = Math.min(document.endsAt ?? 0, document.createdAt + subject.days * DAY_MS);
  const isMeant = stored.purpose === subject.purpose && subject.toIndexes.includes(stored.toIndex);
  return isMeant && (await deps.store.verifications.time()) < endsAt ? { document, endsAt } : null;
}

interface Kept {
  readonly document: StoredDocument;
  readonly stored: Stored;
  /** Whether the token is the newest of the device; another was used up, or its secret is made up. */
  readonly isCurrent: boolean;
}

/** What is kept of the device that a token names, whatever its secret. */
async function keptOf({ store, ring }: Deps, application: string, token: string): Promise<Kept | null> {
  const [, id = '', secret = ''] = TOKEN.exec(token) ?? [];
  const document = id === '' ? null : await store.documents.get(KIND, id);
  if (document === null || document.application !== application) return null;
  const stored = JSON.parse(document.body) as Stored;
  return { document, stored, isCurrent: ring.tokenMatches(useOf(secret), stored.hash).matches };
}

/** The next token of a device, which ends the one before; null when somebody else was faster. Its end stays where it was. */
export async function rotateDevice(deps: Deps, { document, endsAt }: HeldDevice): Promise<RememberedDevice | null> {
  const secret = deps.env.randomText(32);
  const stored = JSON.parse(document.body) as Stored;
  const body: Stored = { ...stored, hash: deps.ring.hashToken(useOf(secret)) };
  const next = { ...document, version: document.version + 1, body: JSON.stringify(body) };
  return (await deps.store.documents.put(next)) ? { token: `${document.id}.${secret}`, endsAt } : null;
}

/** Takes a rotation back whose sign-in did not come about: the browser still holds the token before. */
export async function unrotateDevice(deps: Deps, { document }: HeldDevice): Promise<void> {
  await deps.store.documents.put({ ...document, version: document.version + 2 });
}

/** Forgets what these tokens stand for. Needs their secrets: who only knows an id forgets nothing. */
export async function forgetTokens(deps: Deps, application: string, tokens: readonly string[]): Promise<void> {
  for (const token of tokens.slice(0, MOST_TOKENS)) {
    const kept = await keptOf(deps, application, token);
    if (kept?.isCurrent === true) await deps.store.documents.remove(KIND, kept.document.id);
  }
}

/** Forgets every device of a destination, by its folded blind indexes. How many there were. */
export async function forgetDevices(
  { store }: Pick<ServiceDeps, 'store'>,
  application: string,
  limitIndexes: readonly string[],
): Promise<number> {
  let forgotten = 0;
  for (const limitIndex of limitIndexes) {
    const query = { kind: KIND, index: indexOf(application, limitIndex), limit: MOST_DEVICES };
    for (const { id } of await store.documents.list(query)) if (await store.documents.remove(KIND, id)) forgotten += 1;
  }
  return forgotten;
}

function indexOf(application: string, limitIndex: string): string {
  return `${application}|${limitIndex}`;
}

function useOf(secret: string): string {
  return `remembered-device|${secret}`;
}
