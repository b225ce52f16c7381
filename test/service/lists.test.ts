import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeskWorld, type DeskWorld } from '../support/desk.ts';

let world: DeskWorld;
beforeEach(async () => void (world = await createDeskWorld()));
afterEach(() => world.close());

type Rule = Parameters<DeskWorld['service']['listRules']['add']>[1];

async function rule(list: Rule['list'], type: Rule['type'], value: string): Promise<string> {
  const added = await world.service.listRules.add(world.caller(), { list, type, value });
  if (!added.ok) throw new Error(added.problem.detail);
  return added.value.id;
}

/** `pending`, or why it was blocked. */
async function start(to: string): Promise<string | null> {
  const started = await world.service.verify.start(world.caller(), { to });
  if (!started.ok) throw new Error(started.problem.code);
  const { status, status_reason: reason } = started.value.verification;
  return status === 'blocked' ? reason : status;
}

describe('block and allow lists', () => {
  it('record what they block, send nothing of it, and let everything else through', async () => {
    await rule('block', 'prefix', '+1415');
    await rule('block', 'country', 'gb');
    await rule('block', 'domain', 'Evil.Example');
    await rule('block', 'destination', 'mara+x@bluegum.example');
    expect(await start('+14155552671')).toBe('rule:block_list');
    expect(await start('+442079460123')).toBe('rule:block_list');
    expect(await start('a@mail.evil.example')).toBe('rule:block_list');
    expect(await start('a@notevil.example')).toBe('pending');
    expect(await start('mara@bluegum.example')).toBe('rule:block_list');
    expect(await start('+12025550147')).toBe('pending');
    await world.service.worker.tick();
    expect(world.sink.messages.map(({ to }) => to).toSorted()).toEqual(['+12025550147', 'a@notevil.example']);
  });

  it('let through only what is allowed, kind by kind, and a block wins', async () => {
    await rule('allow', 'country', 'US');
    await rule('block', 'destination', '+14155552671');
    expect(await start('+12025550147')).toBe('pending');
    expect(await start('+61491570156')).toBe('rule:allow_list');
    expect(await start('a@b.example')).toBe('pending');
    expect(await start('+14155552671')).toBe('rule:block_list');
    await rule('allow', 'domain', 'acme.example');
    expect(await start('a@b.example')).toBe('rule:allow_list');
  });

  it('are of one application, and hold no longer than they stand', async () => {
    const id = await rule('block', 'prefix', '+1');
    const made = await world.service.applications.create(world.caller(), { name: 'shop' });
    const shop = await world.service.applications.find(made.ok ? made.value.id : '');
    if (shop === null) throw new Error('no shop');
    const other = world.caller('live', shop);
    const free = await world.service.verify.start(other, { to: '+14155552671' });
    expect(free.ok && free.value.verification.status).toBe('pending');
    const foreign = await world.service.listRules.remove(other, id);
    expect(!foreign.ok && foreign.problem.code).toBe('not_found');
    expect(await start('+14155552671')).toBe('rule:block_list');
    await world.service.listRules.remove(world.caller(), id);
    expect(await start('+14155552671')).toBe('pending');
  });

  it('count what they block by address, so that nobody fills the records with it', async () => {
    await rule('block', 'prefix', '+1415');
    const ask = () =>
      world.service.verify.start(world.caller(), { to: '+14155552671', signals: { ip: '198.51.100.4' } });
    for (let at = 0; at < 20; at++) expect((await ask()).ok).toBe(true);
    const next = await ask();
    expect(!next.ok && next.problem.limit?.name).toBe('signal_ip');
  });

  it('never keep agents from signing in', async () => {
    await world.hire('admin');
    await rule('block', 'domain', 'acme.example');
    const browser = world.browser();
    await browser.signIn('admin@acme.example');
    expect((await browser.get('/desk')).status).toBe(200);
  });

  it('are kept at the desk: added, masked, removed; a wrong value stands at its field', async () => {
    await world.hire('admin');
    const browser = world.browser();
    await browser.signIn('admin@acme.example');
    const path = `/desk/applications/${world.application.id}/lists`;
    const add = async (typed: Record<string, string>) => browser.submit(await browser.get(path), typed);
    expect((await add({ type: 'destination', value: '+14155552671' })).location).toBe(path);
    const page = await browser.get(path);
    expect(page.html).not.toContain('4155552671');
    const [, id = ''] = /lists\/(rul_\w+)\/remove/.exec(page.html) ?? [];
    for (const typed of [
      { type: 'prefix', value: '1415' },
      { type: 'country', value: 'Atlantis' },
      { type: 'domain', value: 'no"><b>' },
      { type: 'destination', value: '12' },
    ]) {
      const bad = await add(typed);
      expect([bad.status, typed.value]).toEqual([422, typed.value]);
      expect(bad.html).toContain('id="value-error"');
      expect(bad.html).not.toContain('"><b>');
    }
    expect((await browser.post(`${path}/${id}/remove`)).status).toBe(303);
    expect((await browser.get(path)).html).toContain('No rule yet');
    expect((await browser.post(`${path}/${id}/remove`)).status).toBe(404);
  });
});
