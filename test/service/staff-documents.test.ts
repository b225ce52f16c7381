import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredDocument } from '../../src/ports/documents.ts';
import { createDeskWorld, type DeskWorld, PASSWORD } from '../support/desk.ts';

// While a new version is rolled out, instances of the one before write beside it. Bytes as they were before there were passkeys.

let world: DeskWorld;
beforeEach(async () => void (world = await createDeskWorld()));
afterEach(() => world.close());

/** Puts what an older instance would have written in the place of a document. */
async function asBefore(document: StoredDocument, body: string): Promise<void> {
  expect(await world.store.documents.put({ ...document, version: document.version + 1, body })).toBe(true);
}

async function documentOf(kind: string): Promise<StoredDocument> {
  const [found] = await world.store.documents.list({ kind, limit: 1 });
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

describe('what was written before there were passkeys', () => {
  it('is an agent who signs in, has none, and may be changed', async () => {
    const { id } = await world.hire('admin');
    const now = await documentOf('agent');
    const { sealed } = JSON.parse(now.body) as { sealed: string };
    const { password } = JSON.parse(world.ring.open('agent', { reveal: () => sealed } as never, id) ?? '{}') as {
      password: string;
    };
    const kept = `{"name":"Robin Old","email":"admin@acme.example","password":${JSON.stringify(password)},"passwordChangedAt":null,"totp":null,"recovery":[]}`;
    const body = `{"role":"admin","active":true,"lastSignedInAt":null,"sealed":${JSON.stringify(world.ring.seal('agent', kept, id).reveal())}}`;
    await asBefore(now, body);
    const browser = world.browser();
    expect((await browser.signIn('admin@acme.example')).status).toBe(303);
    expect((await browser.get('/desk/account')).html).toContain('Robin Old');
    const read = await world.service.staff.agents.get(world.caller(), id);
    expect(read).toMatchObject({ value: { name: 'Robin Old', passkeys: 0, status: 'active' } });
    const renamed = await world.service.staff.agents.update(world.caller(), id, { name: 'Robin New' });
    expect(renamed).toMatchObject({ value: { name: 'Robin New', passkeys: 0 } });
  });

  it('is a sign-in under way, which its code ends', async () => {
    const { id } = await world.hire('agent');
    const browser = world.browser();
    expect((await browser.password('agent@acme.example', PASSWORD)).status).toBe(303);
    const pending = await documentOf('sign_in');
    const { hash, verification } = JSON.parse(pending.body) as Record<string, string>;
    await asBefore(pending, `{"hash":"${hash}","method":"email","verification":"${verification}","tries":0}`);
    await world.service.worker.tick();
    const code = world.sink.last().code.reveal();
    const entered = await browser.post('/desk/second-factor', { code });
    expect([entered.status, entered.location]).toEqual([303, '/desk']);
    expect(pending.index).toBe(id);
  });

  it('is a session that lasts', async () => {
    await world.hire('agent');
    const browser = world.browser();
    await browser.signIn('agent@acme.example');
    const session = await documentOf('session');
    const { hash, lastSeenAt } = JSON.parse(session.body) as { hash: string; lastSeenAt: number };
    const shown = world.ring.seal('agent', '{"ip":"203.0.113.7","browser":"Firefox on Linux"}', session.id).reveal();
    await asBefore(session, `{"hash":"${hash}","lastSeenAt":${lastSeenAt},"endedAt":null,"sealed":"${shown}"}`);
    expect((await browser.get('/desk/account')).html).toContain('Firefox on Linux');
  });
});
