import { afterEach, describe, expect, it } from 'vitest';
import { createApi, createDirect, createMetrics, serve } from '../../src/http/index.ts';
import { createDeskWorld, type DeskWorld, PASSWORD } from '../support/desk.ts';
import { createHttpWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

/** What the log says was done, with the address that each act came from. Acts of one millisecond are in no order. */
async function acts(): Promise<readonly (readonly [string, unknown])[]> {
  const listed = await world.service.audit.list(world.caller(), {});
  if (!listed.ok) throw new Error(listed.problem.code);
  return listed.value.data.toReversed().map(({ action, data }) => [action ?? '', data['ip'] ?? null]);
}

async function newDesk(): Promise<DeskWorld> {
  const desk = await createDeskWorld();
  world = desk;
  return desk;
}

describe('an act in the audit log', () => {
  it('says which address an agent acted from, a refused sign-in too, and stays intact', async () => {
    const desk = await newDesk();
    await desk.hire('admin');
    const robin = desk.browser('198.51.100.4');
    await desk.browser('198.51.100.66').password('admin@acme.example', 'not the password at all');
    await robin.signIn('admin@acme.example');
    await robin.post('/desk/sign-out');
    expect((await acts()).toSorted()).toEqual([
      ['agent.created', null],
      ['session.ended', '198.51.100.4'],
      ['session.refused', '198.51.100.66'],
      ['session.started', '198.51.100.4'],
    ]);
    expect(await world.service.audit.verify(world.caller())).toMatchObject({ value: { intact: true } });
  });

  it('of a browser that a link led here has its address: the first administrator, and a new password', async () => {
    const desk = await newDesk();
    const typed = { email: 'noor@acme.example', password: PASSWORD, again: PASSWORD };
    const token = (await desk.service.staff.welcome.open(desk.application)) ?? '';
    await desk.browser('198.51.100.4').post(`/desk/welcome/${token}`, { ...typed, name: 'Noor Haddad' });
    const forgetful = desk.browser('198.51.100.5');
    await forgetful.post('/desk/forgot-password', typed);
    await desk.service.worker.tick();
    const link = /\/desk\/set-password\/[\w.-]+/.exec(desk.sink.last().text)?.[0] ?? '';
    await forgetful.post(link, { new: `${PASSWORD} again`, again: `${PASSWORD} again` });
    expect((await acts()).toSorted()).toEqual([
      ['agent.created', '198.51.100.4'],
      ['password.reset', '198.51.100.5'],
      ['password.reset_requested', '198.51.100.5'],
    ]);
  });

  it('of a verdict has the address of the try that brought it; time alone has none', async () => {
    await newDesk();
    const { application } = world;
    await world.store.applications.putPolicy(application.id, 'kept', { retention_days: null });
    world.clock.now += 1_000;
    const caller = { ...world.caller(), origin: { ip: '198.51.100.4', userAgent: '' } };
    const tried = await world.startAndRead('+14155552671', { purpose: 'kept' });
    await world.service.verify.check(caller, tried.id, { code: tried.code });
    await world.startAndRead('+14155552672', { purpose: 'kept' });
    world.clock.now += 86_400_000;
    await world.service.worker.tick();
    expect(await acts()).toEqual([
      ['verification.closed', '198.51.100.4'],
      ['verification.closed', null],
    ]);
  });

  it('of a code that an agent sends and checks has the address as well', async () => {
    await newDesk();
    const agent = { ...world.caller(), actor: { type: 'agent', id: 'agt_1' } as const };
    const caller = { ...agent, origin: { ip: '198.51.100.4', userAgent: '' } };
    const started = await world.service.verify.start(caller, { to: '+14155552671' });
    if (!started.ok) throw new Error(started.problem.code);
    await world.service.verify.cancel(caller, started.value.verification.id);
    expect(await acts()).toEqual(
      expect.arrayContaining([
        ['verification.started', '198.51.100.4'],
        ['verification.canceled', '198.51.100.4'],
      ]),
    );
  });

  it('of an API key has the other end of its socket, whatever an untrusted header says', async () => {
    const http = await createHttpWorld();
    world = http;
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
    const made = await fetch(`http://127.0.0.1:${running.port}/v1/api-keys`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${http.keys.live}`,
        'content-type': 'application/json',
        'x-forwarded-for': '192.0.2.99',
      },
      body: JSON.stringify({ mode: 'test', scopes: ['read'] }),
    });
    await running.close();
    expect(made.status).toBe(201);
    expect(await acts()).toContainEqual(['key.created', '127.0.0.1']);
  });
});
