import { afterEach, describe, expect, it } from 'vitest';
import { createApi, createDirect, createMetrics, serve } from '../../src/http/index.ts';
import type { Caller } from '../../src/service/api.ts';
import { createDeskWorld } from '../support/desk.ts';
import { createHttpWorld, createWorld, wrongCode, type World } from '../support/world.ts';
import { createHostedWorld } from '../web/hosted/browser.ts';

let world: World;
afterEach(() => world.close());

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0';
const FROM = { ip: '198.51.100.4', user_agent: FIREFOX };

function placed(origin = { ip: FROM.ip, userAgent: FIREFOX }): Caller {
  return { ...world.caller(), origin };
}

async function factsOf(id: string) {
  const found = await world.service.records.events(world.caller(), id);
  if (!found.ok) throw new Error(found.problem.code);
  return found.value.data.map(({ type, data }) => ({ type, ...data }));
}

async function wrongThenRight(caller: Caller): Promise<string> {
  const { id, code } = await world.startAndRead();
  await world.service.verify.check(caller, id, { code: wrongCode(code) });
  await world.service.verify.check(caller, id, { code });
  return id;
}

describe('a check', () => {
  it('keeps right or wrong and where it came from, never what was typed', async () => {
    world = await createWorld();
    const { id, code } = await world.startAndRead();
    await world.service.verify.check(placed(), id, { code: wrongCode(code) });
    await world.service.verify.check(placed(), id, { code, context: { other: 'one' } });
    await world.service.verify.check(placed(), id, { code });
    const facts = await factsOf(id);
    expect(facts.filter(({ type }) => type === 'check_failed')).toEqual([
      { type: 'check_failed', reason: 'incorrect', remaining: 4, ...FROM },
      { type: 'check_failed', reason: 'context_mismatch', remaining: 3, ...FROM },
    ]);
    expect(facts.at(-1)).toEqual({ type: 'approved', channel: 'sms', checks: 3, ...FROM });
    expect(JSON.stringify(facts)).not.toMatch(new RegExp(`${code}|${wrongCode(code)}`));
  });

  it('says nothing where nobody knows, and keeps no more of a user agent than of a start’s', async () => {
    world = await createWorld();
    expect(JSON.stringify(await factsOf(await wrongThenRight(world.caller())))).not.toMatch(/"ip"|user_agent/);
    const id = await wrongThenRight(placed({ ip: FROM.ip, userAgent: 'x'.repeat(4000) }));
    expect((await factsOf(id)).at(-1)).toMatchObject({ user_agent: 'x'.repeat(512) });
  });

  it('forgets it with the destination, and never knew it under "drop at end"', async () => {
    world = await createWorld({ policies: { ephemeral: { retention_days: 0 } } });
    const id = await wrongThenRight(placed());
    expect(JSON.stringify(await factsOf(id))).toContain(FROM.ip);
    await world.service.records.erase(world.caller(), '+14155552671');
    expect(JSON.stringify(await factsOf(id))).not.toMatch(/198\.51\.100|Firefox/);
    const dropped = await world.startAndRead('+14155552672', { purpose: 'ephemeral', signals: FROM });
    await world.service.verify.check(placed(), dropped.id, { code: wrongCode(dropped.code) });
    expect(JSON.stringify(await factsOf(dropped.id))).not.toMatch(/198\.51\.100|Firefox/);
  });
});

describe('a start', () => {
  it('keeps what its signals say of the person, not the server that calls', async () => {
    world = await createWorld();
    const { id } = await world.startAndRead(
      '+14155552671',
      { signals: FROM },
      placed({ ip: '10.0.0.5', userAgent: '' }),
    );
    expect((await factsOf(id))[0]).toMatchObject({ type: 'started', ...FROM });
    const bare = await world.startAndRead('+14155552672', {}, placed());
    expect((await factsOf(bare.id))[0]).not.toHaveProperty('ip');
  });
});

describe('where a check comes from', () => {
  it('is the requester over the API, by either door of the server, and for a façade', async () => {
    const http = await createHttpWorld();
    world = http;
    await http.service.applications.update(http.caller(), http.application.id, { compat: ['otp'] });
    http.clock.now += 1_000;
    const options = {
      publicUrl: null,
      version: '0',
      metrics: createMetrics(),
      log: () => undefined,
      now: () => http.clock.now,
      randomId: () => 'req_1',
    };
    const direct = createDirect(http.service, options);
    const running = await serve(createApi(http.service, options).fetch, { port: 0, host: '127.0.0.1', direct });
    const send = (path: string, body: unknown) =>
      fetch(`http://127.0.0.1:${running.port}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${http.keys.live}`,
          'content-type': 'application/json',
          'user-agent': 'shop/1.2',
          'x-forwarded-for': '192.0.2.99',
        },
        body: JSON.stringify(body),
      });
    const { id, code } = await http.startAndRead();
    const again = wrongCode(code);
    await send(`/v1/verifications/${id}/checks`, { code: again });
    await send(`/v1/verifications/${id}/checks?`, { code: again });
    const sent = await send('/otp/send', { destination: '+14155552672', channel: 'sms' });
    expect(sent.status).toBe(200);
    await http.service.worker.tick();
    await send('/otp/verify', { destination: '+14155552672', code: wrongCode(http.sink.last().code.reveal()) });
    await running.close();
    const from = { type: 'check_failed', ip: '127.0.0.1', user_agent: 'shop/1.2' };
    expect((await factsOf(id)).slice(-2)).toMatchObject([from, from]);
    const found = await http.service.records.search(http.caller(), { to: '+14155552672' });
    expect((await factsOf(found.ok ? (found.value.data[0]?.id ?? '') : '')).at(-1)).toMatchObject(from);
  });

  it('is the browser of a hosted page', async () => {
    const hosted = await createHostedWorld();
    world = hosted;
    const browser = hosted.browser({ headers: { 'user-agent': FIREFOX } });
    await browser.go('/otp/request');
    const at = (await browser.go('/otp/request', { channel: 'sms', phone: '0491 570 156' })).at;
    const code = await hosted.code();
    hosted.ips.current = '198.51.100.4';
    await browser.go(at, { code: wrongCode(code) });
    const found = await hosted.service.records.search(hosted.caller(), {});
    const facts = await factsOf(found.ok ? (found.value.data[0]?.id ?? '') : '');
    expect(facts[0]).toMatchObject({ type: 'started', ip: '203.0.113.7', user_agent: FIREFOX });
    expect(facts.at(-1)).toMatchObject({ type: 'check_failed', ...FROM });
  });

  it('says no address where nobody knows it', async () => {
    world = await createWorld();
    const { id, code } = await world.startAndRead();
    await world.service.verify.check(placed({ ip: '0.0.0.0', userAgent: FIREFOX }), id, { code });
    const approved = (await factsOf(id)).find(({ type }) => type === 'approved');
    expect(approved).toMatchObject({ user_agent: FIREFOX });
    expect(approved).not.toHaveProperty('ip');
  });

  it('is the agent at the desk, whose office has no limit of one browser, and stands in the record and on paper', async () => {
    const desk = await createDeskWorld();
    world = desk;
    await desk.hire('agent');
    const browser = desk.browser(FROM.ip);
    await browser.signIn('agent@acme.example');
    const send = async (to: string) => {
      const page = await browser.get('/desk');
      const sent = await browser.submit(page, { to, number: to, country: 'AU', reason: 'SIM swap' });
      expect(sent.location).toMatch(/verifications/);
      return /vrf_\w+/.exec(sent.location)?.[0] ?? '';
    };
    for (let i = 0; i < 11; i++) await send(`04915701${56 + i}`);
    const id = await send('0491570110');
    await desk.service.worker.tick();
    const code = desk.sink.last().code.reveal();
    await browser.post(`/desk/verifications/${id}/check`, { code: wrongCode(code) });
    expect((await factsOf(id)).at(-1)).toMatchObject({ type: 'check_failed', ...FROM });
    const record = await browser.get(`/desk/records/${id}`);
    expect(record.html).toMatch(
      /Wrong code entered by Robin agent[\s\S]{0,80}4 tries left, from 198\.51\.100\.4, Firefox on Linux</,
    );
    expect((await browser.get(`/desk/records/${id}/evidence`)).html).toContain(`from 198.51.100.4, ${FIREFOX}<`);
  });
});
