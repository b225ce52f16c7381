import type { AuditAction } from '../../core/audit.ts';
import { canonicalJson } from '../../core/canonical.ts';
import { newId } from '../../core/id.ts';
import { knownAddress } from '../../core/ip.ts';
import type { Actor } from '../../core/verification.ts';
import { timestamp } from '../../core/views.ts';
import { commitmentTo } from '../../crypto/index.ts';
import type { CommittedDocument, StoredDocument } from '../../ports/documents.ts';
import type { Caller } from '../api/caller.ts';
import type { ServiceDeps } from '../deps.ts';

export const AUDIT_KIND = 'audit';
const SALT_LENGTH = 26;

/** One act. `data` holds plain facts: never a code, a secret, or an address in clear. */
export interface AuditNote {
  readonly application: string;
  readonly actor: Actor;
  /** Where the act came from, kept as `data.ip` where it is known. */
  readonly ip?: string | null;
  readonly action: AuditAction;
  /** Id of what it was done to; null = nothing that has one. */
  readonly target: string | null;
  readonly data?: AuditData;
}

type AuditData = Readonly<Record<string, string | number | boolean | null>>;

/** Whose act it is, in which application and from where. */
export function doneBy(
  caller: Pick<Caller, 'application' | 'actor' | 'origin'>,
): Pick<AuditNote, 'application' | 'actor' | 'ip'> {
  return { application: caller.application.id, actor: caller.actor, ip: caller.origin?.ip ?? null };
}

/** What a row's commitment is made of, with its id, application and time. */
interface Told {
  readonly actor: Actor;
  readonly action: AuditAction;
  readonly target: string | null;
  readonly data: AuditData;
  readonly salt: string;
}

/** What is left of a row whose data was erased: what stood for it, and the service's word that it did it. */
interface Erased {
  readonly commitment: string;
  readonly erased: string;
}

/** The body of a row; `batch` from the moment it is sealed. Rows wait for that with `dueAt`. */
export type RowBody = (Told | Erased) & { readonly batch?: number };

/** The act as it is kept, for a commit that does it and notes it in one. */
export function auditDocument(
  deps: Pick<ServiceDeps, 'env'>,
  { application, actor, ip = null, action, target, data = {} }: AuditNote,
  now: number,
): CommittedDocument {
  const from = knownAddress(ip);
  const told = from === null ? data : { ...data, ip: from };
  const body: RowBody = { actor, action, target, data: told, salt: deps.env.randomText(SALT_LENGTH) };
  return {
    kind: AUDIT_KIND,
    id: newId('aud', now, deps.env.randomText(20)),
    application,
    index: target,
    version: 1,
    body: JSON.stringify(body),
    createdAt: now,
    dueAt: now,
    endsAt: null,
  };
}

export function rowBody({ body }: Pick<StoredDocument, 'body'>): RowBody {
  return JSON.parse(body) as RowBody;
}

/** The same row with another body. `dueAt` null = sealed. */
export function rowWith(row: StoredDocument, body: RowBody, dueAt: number | null): StoredDocument {
  const index = 'erased' in body ? null : row.index;
  return { ...row, index, version: row.version + 1, body: JSON.stringify(body), dueAt };
}

/** What a row says, as it is hashed and exported; null once erased. */
export function entryOf(row: StoredDocument) {
  const body = rowBody(row);
  if ('erased' in body) return null;
  const { actor, action, target, data } = body;
  const { id, application, createdAt } = row;
  return { id, application, created_at: timestamp(createdAt), actor: { ...actor }, action, target, data };
}

/** What stands for a row in its batch. */
export function commitmentOf(row: StoredDocument): string {
  const body = rowBody(row);
  const entry = entryOf(row);
  return 'erased' in body || entry === null ? commitmentIn(body) : commitmentTo(body.salt, canonicalJson(entry));
}

function commitmentIn(body: RowBody): string {
  return 'erased' in body ? body.commitment : '';
}
