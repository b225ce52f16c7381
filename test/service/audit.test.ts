import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secret } from '../../src/core/redacted.ts';
import { createKeyRing } from '../../src/crypto/index.ts';
import { createAudit, sealDue } from '../../src/service/audit/index.ts';
import { loadDriver } from '../../src/stores/sqlite/driver.ts';
import { createWorld, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;
const { DatabaseSync } = await loadDriver();
/** The secret of every world here. */
const OLD = secret('pX7vQ2mL9rT4wK8zB1nD6hJ3sF5gY0cA');
let world: World;

beforeEach(async () => (world = await createWorld()));
afterEach(() => world.close());

async function acts(count: number): Promise<void> {
  for (let made = 0; made < count; made++) {
    world.clock.now += 1;
    await world.service.audit.note({
      application: world.application.id,
      actor: { type: 'agent', id: 'agt_1' },
      action: 'record.noted',
      target: `vrf_${made}`,
      data: { made, text: 'ü•𝔘' },
    });
  }
}

async function verdict(root?: string) {
  const result = await world.service.audit.verify(world.caller(), root);
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

async function rows() {
  return await world.store.documents.list({ kind: 'audit', application: world.application.id, limit: 1000 });
}

async function batches() {
  return await world.store.documents.list({ kind: 'audit_batch', application: world.application.id, limit: 1000 });
}

/** The store, where documents of one kind fare otherwise. */
function storeThatPuts(kind: string, put: () => Promise<boolean>): World['store'] {
  const { documents } = world.store;
  return {
    ...world.store,
    documents: {
      ...documents,
      put: (document) => (document.kind === kind ? put() : documents.put(document)),
      claim: documents.claim.bind(documents),
      get: documents.get.bind(documents),
      list: documents.list.bind(documents),
    },
  };
}

/** Somebody with the database file in an editor. */
/** What the service signed about a batch. */
function sealOf(batch: { readonly body: string } | undefined): Record<string, unknown> {
  const [, payload = ''] = String(JSON.parse(batch?.body ?? '{}').seal).split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

function inFile(sql: string, ...values: (string | number)[]): void {
  const file = new DatabaseSync(world.path);
  try {
    expect(Number(file.prepare(sql).run(...values).changes)).toBeGreaterThan(0);
  } finally {
    file.close();
  }
}

describe('the audit log', () => {
  it('is intact with every act in a signed batch, each chained to the one before (S2.80)', async () => {
    await acts(5);
    expect(await verdict()).toMatchObject({ intact: true, entries: 5, batches: 1, waiting: 0, problem: null });
    await acts(3);
    // The check itself was noted.
    expect(await verdict()).toMatchObject({ intact: true, entries: 9, batches: 2 });
    expect((await rows()).filter(({ dueAt }) => dueAt !== null).length).toBe(1);
  });

  it('is sealed by the worker every ten seconds without anybody asking', async () => {
    await world.service.worker.tick();
    await acts(2);
    world.clock.now += 10_000;
    await world.service.worker.tick();
    expect((await batches()).length).toBe(1);
    expect((await rows()).map(({ dueAt }) => dueAt)).toEqual([null, null]);
  });

  it('names the row whose content was changed in the file', async () => {
    await acts(6);
    await verdict();
    const [, , third] = await rows();
    inFile(
      `UPDATE documents SET body = replace(body, 'agt_1', 'agt_2') WHERE kind = 'audit' AND id = ?`,
      third?.id ?? '',
    );
    const { intact, problem } = await verdict();
    expect(intact).toBe(false);
    expect(problem).toMatchObject({ code: 'entry_altered', entry: third?.id, batch: 1 });
  });

  it.each(['created_at = created_at + 1', `lookup = 'vrf_other'`, `body = '{}'`, `body = '5'`, `body = '{'`])(
    'names a row with %s',
    async (change) => {
      await acts(3);
      await verdict();
      const [first] = await rows();
      inFile(`UPDATE documents SET ${change} WHERE kind = 'audit' AND id = ?`, first?.id ?? '');
      expect((await verdict()).problem).toMatchObject({ code: 'entry_altered', entry: first?.id });
    },
  );

  it('names the row that was deleted', async () => {
    await acts(4);
    await verdict();
    const [, second] = await rows();
    inFile(`DELETE FROM documents WHERE kind = 'audit' AND id = ?`, second?.id ?? '');
    expect((await verdict()).problem).toMatchObject({ code: 'entry_missing', entry: second?.id });
  });

  it('names the first of two rows that changed places', async () => {
    await acts(4);
    await verdict();
    const [a, b] = await rows();
    inFile(`UPDATE documents SET body = ? WHERE id = ?`, b?.body ?? '', a?.id ?? '');
    inFile(`UPDATE documents SET body = ? WHERE id = ?`, a?.body ?? '', b?.id ?? '');
    expect((await verdict()).problem).toMatchObject({ code: 'entry_altered', entry: a?.id });
  });

  it('names a row that was put in as if it had been sealed', async () => {
    await acts(2);
    await verdict();
    const [row] = await rows();
    const forged = { ...row, id: `${row?.id.slice(0, -1) ?? ''}_`, version: 1 };
    await world.store.documents.put(forged as NonNullable<typeof row>);
    expect((await verdict()).problem).toMatchObject({ code: 'entry_added', entry: forged.id });
  });

  it('names a batch whose list was changed to fit a changed row', async () => {
    await acts(3);
    await verdict();
    const [batch] = await batches();
    const body = JSON.parse(batch?.body ?? '');
    body.leaves.reverse();
    inFile(`UPDATE documents SET body = ? WHERE id = ?`, JSON.stringify(body), batch?.id ?? '');
    expect((await verdict()).problem).toMatchObject({ code: 'batch_altered', batch: 1 });
  });

  it('takes no batch that another key signed, and none that was copied to another number', async () => {
    await acts(2);
    await verdict();
    const [first] = await batches();
    const copy = `${first?.id.slice(0, -1) ?? ''}2`;
    await world.store.documents.put({ ...first, id: copy, version: 1 } as NonNullable<typeof first>);
    expect((await verdict()).problem).toMatchObject({ code: 'batch_altered', batch: 2 });
    const forged = (first?.body ?? '').replace(
      /("seal":"[^".]+\.[^".]+\.)(.)/,
      (_, head, c) => `${head}${c === 'A' ? 'B' : 'A'}`,
    );
    inFile(`UPDATE documents SET body = ? WHERE id = ?`, forged, first?.id ?? '');
    expect((await verdict()).problem).toMatchObject({ code: 'batch_altered', batch: 1 });
  });

  it('is intact after a rotation as long as the earlier secret is named, and says that a key is missing, not that something was altered', async () => {
    await acts(2);
    await verdict();
    const young = secret('aB3dE6fG9hJ2kL5mN8pQ1rS4tU7vW0xY');
    const under = (previous: readonly ReturnType<typeof secret>[]) =>
      createAudit({ ...world, ring: createKeyRing({ current: young, previous }) }).verify(world.caller());
    expect(await under([OLD])).toMatchObject({ value: { intact: true } });
    const { value } = (await under([])) as { value: Awaited<ReturnType<typeof verdict>> };
    expect(value.problem).toMatchObject({ code: 'key_unknown', batch: 1 });
    expect(value.problem?.detail).toContain('WATCHWORD_SECRET_PREVIOUS');
  });

  it('names a batch that is missing, and knows a cut-off end by a root written down before', async () => {
    await acts(2);
    await verdict();
    await acts(2);
    const { root } = await verdict();
    const [first, second] = await batches();
    expect(await verdict(root ?? '')).toMatchObject({ intact: true });
    for (const [, id] of JSON.parse(second?.body ?? '').leaves.entries()) {
      inFile(`DELETE FROM documents WHERE kind = 'audit' AND id = ?`, id[0]);
    }
    inFile(`DELETE FROM documents WHERE kind = 'audit_batch' AND id > ?`, first?.id ?? '');
    inFile(`DELETE FROM documents WHERE kind = 'audit' AND due_at IS NULL AND body LIKE '%"batch":3%'`);
    expect((await verdict(root ?? '')).problem).toMatchObject({ code: 'root_unknown' });
    inFile(`DELETE FROM documents WHERE kind = 'audit_batch' AND id = ?`, first?.id ?? '');
    expect((await verdict()).problem).toMatchObject({ code: 'batch_missing', batch: 1 });
  });

  it('seals each row once when several seal at the same time', async () => {
    await acts(700);
    const others = [1, 2, 3, 4].map(() => createAudit({ store: world.store, ring: world.ring, env: world.env }));
    await Promise.all(others.map((other) => other.seal()));
    const leaves = (await batches()).flatMap(({ body }) => JSON.parse(body).leaves as [string][]).map(([id]) => id);
    expect(leaves.length).toBe(700);
    expect(new Set(leaves).size).toBe(700);
    expect(await verdict()).toMatchObject({ intact: true, entries: 700 });
  });

  it('ends what a sealer that died left half done, and seals nothing twice', async () => {
    await acts(3);
    const dying = storeThatPuts('audit', () => Promise.reject(new Error('killed')));
    const dead = createAudit({ store: dying, ring: world.ring, env: world.env });
    await expect(dead.seal()).rejects.toThrow('killed');
    expect((await batches()).length).toBe(1);
    await acts(2);
    world.clock.now += 61_000;
    expect(await verdict()).toMatchObject({ intact: true, entries: 5, waiting: 0, batches: 2 });
  });

  it('gives back what it claimed when another instance became the sealer, which seals it at once', async () => {
    await acts(3);
    const late = storeThatPuts('audit_sealer', () => Promise.resolve(false));
    expect(await sealDue({ store: late, ring: world.ring, env: world.env })).toEqual([]);
    expect((await batches()).length).toBe(0);
    expect(await sealDue(world)).toMatchObject([{}]);
    expect((await rows()).map(({ dueAt }) => dueAt)).toEqual([null, null, null]);
  });

  it('seals a row that comes late with an older id', async () => {
    await acts(3);
    await verdict();
    const [first] = await rows();
    const late = { ...first, id: `aud_00${first?.id.slice(7) ?? ''}Z`, version: 1, dueAt: world.clock.now };
    await world.store.documents.put(late as NonNullable<typeof first>);
    expect(await verdict()).toMatchObject({ intact: true, waiting: 0, entries: 5 });
    expect((await rows())[0]?.id).toBe(late.id);
  });

  it('erases what it says of a target with the salt, and stays intact; nobody else can erase', async () => {
    const caller = world.caller();
    await world.store.applications.putPolicy(world.application.id, 'kept', { retention_days: null });
    world.clock.now += 1_000;
    const { id } = await world.startAndRead('+14155552671', { purpose: 'kept' });
    await world.service.verify.cancel(caller, id);
    await verdict();
    const before = (await rows()).find(({ index }) => index === id);
    expect(before?.body).toContain('verification.closed');
    await world.service.records.erase(caller, '+14155552671');
    const after = (await rows()).find((row) => row.id === before?.id);
    expect(after?.body).not.toMatch(/salt|verification|kept|vrf_/);
    expect(after?.index).toBe(null);
    expect(await verdict()).toMatchObject({ intact: true, erased: 1 });
    const other = (await rows()).find(({ body }) => body.includes('record.erased'));
    const forged = JSON.parse(after?.body ?? '');
    inFile(`UPDATE documents SET body = ?, lookup = NULL WHERE id = ?`, JSON.stringify(forged), other?.id ?? '');
    expect((await verdict()).problem).toMatchObject({ code: 'entry_altered', entry: other?.id });
  });

  it('keeps roots and counts of what was purged, and stays intact; nobody else can purge', async () => {
    await acts(4);
    await verdict();
    const sealed = sealOf((await batches())[0]);
    world.clock.now += 10 * DAY_MS;
    await acts(2);
    await verdict();
    expect(await world.service.audit.purge(world.caller(), 5)).toBe(4);
    expect((await rows()).length).toBe(5);
    expect(await verdict()).toMatchObject({ intact: true, purged: 4 });
    const [first, second] = await batches();
    expect(sealOf(first)).toEqual(sealed);
    expect(sealed).toMatchObject({ number: 1, count: 4, root: expect.stringMatching(/^[\w-]{43}$/) });
    expect(sealOf(second)).toMatchObject({ previous: sealed.root });
    const stolen = { ...JSON.parse(second?.body ?? ''), purged: JSON.parse(first?.body ?? '').purged, leaves: [] };
    inFile(`UPDATE documents SET body = ? WHERE id = ?`, JSON.stringify(stolen), second?.id ?? '');
    expect((await verdict()).problem).toMatchObject({ code: 'batch_altered', batch: 2 });
  });

  it('tells the newest root once a day, to the log and to webhooks', async () => {
    const caller = world.caller();
    await world.service.webhooks.create(caller, { url: 'https://example.com/hook', events: ['audit.sealed'] });
    await acts(1);
    for (const waitMs of [11_000, DAY_MS, 11_000, 11_000]) {
      await world.service.worker.tick();
      world.clock.now += waitMs;
    }
    await world.service.worker.tick();
    const told = world.logs.filter(({ event }) => event === 'audit.root');
    const { root } = await verdict();
    expect(told.length).toBe(1);
    expect(world.posts.map(({ body }) => JSON.parse(body).data.root)).toEqual([told[0]?.['root']]);
    expect(typeof root).toBe('string');
  });
});

describe('what is noted', () => {
  it('holds one row for every verdict of a policy that keeps its records for ever, and none for others', async () => {
    const { application } = world;
    await world.store.applications.putPolicy(application.id, 'kept', { retention_days: null });
    world.clock.now += 1_000;
    const caller = world.caller();
    const approved = await world.startAndRead('+14155552671', { purpose: 'kept' });
    await world.service.verify.check(caller, approved.id, { code: approved.code });
    const expired = await world.startAndRead('+14155552672', { purpose: 'kept' });
    const other = await world.startAndRead('+14155552673');
    await world.service.verify.cancel(caller, other.id);
    world.clock.now += DAY_MS;
    await world.service.worker.tick();
    const noted = (await rows()).map(({ index, body }) => [
      index,
      JSON.parse(body).action,
      JSON.parse(body).data.status,
    ]);
    expect(noted).toEqual([
      [approved.id, 'verification.closed', 'approved'],
      [expired.id, 'verification.closed', 'expired'],
    ]);
  });

  it('holds the administrative acts, by whoever asked, without an address', async () => {
    const caller = world.caller();
    const { service, application } = world;
    const key = await service.keys.create(application, { mode: 'test', scopes: ['send'] }, caller);
    if (key.ok) await service.keys.revoke(application, key.value.id, { actor: caller.actor });
    await service.applications.update(caller, application.id, { brand: 'Harbour' });
    await service.applications.putPolicy(caller, 'login', { max_checks: 4 });
    await service.suppressions.add(caller, { to: '+14155552671' });
    await service.suppressions.remove(caller, '+14155552671');
    await service.directory.put(caller, { to: '+14155552671', name: 'Annabel' });
    await service.directory.remove(caller, '+14155552671');
    await service.records.erase(caller, '+14155552671');
    const hook = await service.webhooks.create(caller, { url: 'https://hooks.acme.example/in' });
    if (hook.ok) await service.webhooks.test(caller, hook.value.id);
    await service.records.exportRows(caller, { to: '+14155552671' });
    const noted = (await rows()).map(({ body }) => JSON.parse(body));
    expect(noted.map(({ action }) => action).toSorted()).toEqual(
      [
        'key.created',
        'key.revoked',
        'application.changed',
        'policy.changed',
        'list.changed',
        'list.changed',
        'person.changed',
        'person.removed',
        'record.erased',
        'webhook.created',
        'webhook.tested',
        'records.exported',
      ].toSorted(),
    );
    expect(noted.every(({ actor }) => actor.id === caller.actor.id)).toBe(true);
    expect(JSON.stringify(noted)).not.toMatch(/4155552671|Annabel/);
  });
});
