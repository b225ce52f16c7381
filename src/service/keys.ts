import { ok, refuse, type Result } from '../core/errors.ts';
import { isFresh } from '../core/fresh.ts';
import { newId } from '../core/id.ts';
import { timestamp, type ApiKeyView, type ListView } from '../core/views.ts';
import { newApiKey, parseApiKey } from '../crypto/index.ts';
import type { ApiKey, Application } from '../ports/settings.ts';
import type { Actor } from '../core/verification.ts';
import { type AuditTrail, doneBy } from './audit/trail.ts';
import type { Caller, KeyInput, KeysService } from './api.ts';
import type { ServiceDeps } from './deps.ts';
import type { Tenants } from './tenants.ts';

interface KeyDeps extends ServiceDeps {
  readonly tenants: Tenants;
  readonly audit: AuditTrail;
}

/** A key that was good at `at` (host ms): revocation holds on every instance within a second, a change of its application at once here. */
interface Known {
  readonly caller: Caller;
  readonly at: number;
  readonly generation: number;
}

const SYSTEM: Actor = { type: 'system', id: null };
const FRESH_MS = 800;
const TOUCH_MS = 60_000;
const MOST_KNOWN = 10_000;

/** API keys: shown once, stored as keyed hashes. */
export function createKeys(deps: KeyDeps): KeysService {
  const known = new Map<string, Known>();
  return {
    async authenticate(token) {
      const now = deps.env.now();
      const generation = deps.tenants.generation();
      const hit = known.get(token);
      if (hit?.generation === generation && isFresh(hit.at, now, FRESH_MS)) return hit.caller;
      known.delete(token);
      const caller = await look(deps, token, now);
      if (caller === null) return null;
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(token, { caller, at: now, generation });
      return caller;
    },
    create: (application, input, by = { actor: SYSTEM }) => create(deps, application, input, by),
    async list(application, only) {
      const all = await deps.store.keys.list(application.id);
      return ok(listed(only === undefined ? all : all.filter(({ mode }) => mode === only)));
    },
    async revoke(application, id, { actor = SYSTEM, only, ...from } = {}) {
      known.clear();
      const before = await deps.store.keys.find(id);
      const hidden = only !== undefined && before?.mode !== only;
      const found = !hidden && (await deps.store.keys.revoke(application.id, id, deps.env.now()));
      const key = found ? await deps.store.keys.find(id) : null;
      if (key === null) return refuse({ code: 'not_found', detail: 'There is no such API key.' });
      const note = { ...doneBy({ application, actor, ...from }), action: 'key.revoked', target: id } as const;
      if (before?.revokedAt === null) await deps.audit.note(note);
      return ok(keyView(key));
    },
  };
}

async function look(deps: KeyDeps, token: string, now: number): Promise<Caller | null> {
  const parsed = parseApiKey(token);
  const key = parsed === null ? null : await deps.store.keys.find(`key_${parsed.id}`);
  if (parsed === null || key === null) return null;
  const { matches, stale } = deps.ring.tokenMatches(token, key.hash);
  const expired = key.expiresAt !== null && now >= key.expiresAt;
  if (!matches || key.mode !== parsed.mode || key.revokedAt !== null || expired) return null;
  const tenant = await deps.tenants.find(key.application);
  if (tenant === null) return null;
  if (stale || key.lastUsedAt === null || now - key.lastUsedAt >= TOUCH_MS) {
    // Not waited for: a store that cannot write just now can still be read, and the next use notes it.
    deps.store.keys.touch(key.id, now, stale ? deps.ring.hashToken(token) : key.hash).catch(() => undefined);
  }
  const actor = { type: 'api_key', id: key.id } as const;
  return { application: tenant.application, mode: key.mode, actor, scopes: key.scopes, browserIp: null };
}

async function create(
  deps: KeyDeps,
  application: Application,
  input: KeyInput,
  by: Pick<Caller, 'actor' | 'origin'>,
): Promise<Result<ApiKeyView>> {
  const now = deps.env.now();
  const id = newId('key', now, deps.env.randomText(20));
  const { token } = newApiKey(input.mode, id.slice('key_'.length));
  const key: ApiKey = {
    id,
    application: application.id,
    mode: input.mode,
    name: input.name ?? '',
    scopes: input.scopes,
    hash: deps.ring.hashToken(token),
    createdAt: now,
    expiresAt: input.expires_at ?? null,
    revokedAt: null,
    lastUsedAt: null,
  };
  await deps.store.keys.insert(key);
  const data = { mode: input.mode, scopes: input.scopes.join() };
  await deps.audit.note({ ...doneBy({ ...by, application }), action: 'key.created', target: id, data });
  return ok({ ...keyView(key), key: token });
}

function listed(keys: readonly ApiKey[]): ListView<ApiKeyView> {
  return { data: keys.map(keyView), has_more: false, next_cursor: null };
}

function keyView(key: ApiKey): ApiKeyView {
  return {
    id: key.id,
    object: 'api_key',
    name: key.name,
    mode: key.mode,
    scopes: key.scopes,
    created_at: timestamp(key.createdAt),
    expires_at: timeOrNull(key.expiresAt),
    revoked_at: timeOrNull(key.revokedAt),
    last_used_at: timeOrNull(key.lastUsedAt),
  };
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : timestamp(ms);
}
