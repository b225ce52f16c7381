import { afterEach, describe, expect, it } from 'vitest';
import { createPasskeyState } from '../../src/service/staff/passkeys/site.ts';
import { createDeskWorld, type DeskWorld, PASSWORD } from '../support/desk.ts';
import { wrongCode } from '../support/world.ts';

const HOUR = 3_600_000;
const BROWSER = { ip: '203.0.113.7', userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0', device: '' };

let world: DeskWorld;
afterEach(() => world.close());

async function signedIn(email: string) {
  world.clock.now += 1;
  const { sessions, signIn } = world.service.staff;
  const first = await signIn.password(world.application, { email, password: PASSWORD }, BROWSER);
  if (!first.ok) throw new Error(first.problem.detail);
  await world.service.worker.tick();
  const entered = await signIn.code(first.value.token, world.sink.last().code.reveal(), 'code', BROWSER);
  if (!entered.ok || entered.value.type !== 'in') throw new Error('not signed in');
  const found = await sessions.find(entered.value.token, BROWSER);
  if (found.state !== 'live') throw new Error(found.state);
  return { token: entered.value.token, staff: found.staff };
}

describe('agents', () => {
  it('have one address each, however it is spelt, even when two are made at once', async () => {
    world = await createDeskWorld();
    const { agents } = world.service.staff;
    const input = { name: 'Ann', role: 'agent', password: PASSWORD } as const;
    const caller = { ...world.caller(), actor: { type: 'system', id: null } as const };
    const made = await Promise.all(
      ['ann@acme.example', 'Ann@ACME.example', 'ANN@acme.example'].map((email) =>
        agents.create(caller, { ...input, email }),
      ),
    );
    expect(made.filter(({ ok }) => ok)).toHaveLength(1);
    for (const one of made)
      if (!one.ok) expect(one.problem.errors?.[0]).toMatchObject({ pointer: '/email', code: 'taken' });
  });

  it('are kept with name, address and password sealed', async () => {
    world = await createDeskWorld();
    await world.hire('agent', { email: 'ann@acme.example', name: 'Ann Example' });
    const [kept] = await world.store.documents.list({ kind: 'agent', limit: 10 });
    expect(JSON.stringify(kept)).not.toMatch(/ann@|ann e|acme\.example|argon2/i);
  });

  it('get a password that is told once when none is given', async () => {
    world = await createDeskWorld();
    const caller = { ...world.caller(), actor: { type: 'system', id: null } as const };
    const made = await world.service.staff.agents.create(caller, { email: 'a@b.example', name: 'Ann', role: 'agent' });
    const password = made.ok ? (made.value.password ?? '') : '';
    expect(password).toMatch(/^[0-9a-z]{5}(-[0-9a-z]{5}){4}$/);
    const { signIn, agents } = world.service.staff;
    expect((await signIn.password(world.application, { email: 'a@b.example', password }, BROWSER)).ok).toBe(true);
    const listed = await agents.list(world.caller(), {});
    expect(listed.ok && listed.value.data[0]).not.toHaveProperty('password');
  });

  it('never lose their last active administrator, not even to two who go at once', async () => {
    world = await createDeskWorld();
    const { agents } = world.service.staff;
    const [one, two] = [await world.hire('admin', { email: 'one@acme.example' }), await world.hire('admin')];
    const gone = await Promise.all([
      agents.update(world.caller(), one.id, { role: 'agent' }),
      agents.update(world.caller(), two.id, { active: false }),
    ]);
    expect(gone.filter(({ ok }) => ok)).toHaveLength(1);
    expect(gone.find(({ ok }) => !ok)).toMatchObject({ problem: { code: 'conflict' } });
  });

  it('are managed by supervisors only as far as they are agents', async () => {
    world = await createDeskWorld();
    const { agents } = world.service.staff;
    const supervisor = await world.hire('supervisor');
    const [agent, admin] = [await world.hire('agent'), await world.hire('admin')];
    const caller = { ...world.caller(), actor: { type: 'agent', id: supervisor.id } as const };
    const codes = await Promise.all([
      agents.update(caller, agent.id, { active: false }),
      agents.update(caller, agent.id, { role: 'admin' }),
      agents.update(caller, supervisor.id, { role: 'admin' }),
      agents.update(caller, admin.id, { active: false }),
      agents.create(caller, { email: 'x@acme.example', name: 'X', role: 'supervisor', password: PASSWORD }),
    ]);
    expect(codes.map((one) => (one.ok ? 'ok' : one.problem.code))).toEqual(['ok', ...Array(4).fill('forbidden')]);
  });

  it('of another application are not there', async () => {
    world = await createDeskWorld();
    const other = await world.service.applications.create(world.caller(), { name: 'other' });
    if (!other.ok) throw new Error('no application');
    world.clock.now += 1000;
    const application = await world.service.applications.find('other');
    if (application === null) throw new Error('no application');
    const foreign = await world.hire('agent', { application });
    const { agents } = world.service.staff;
    expect(await agents.get(world.caller(), foreign.id)).toMatchObject({ problem: { code: 'not_found' } });
    expect(await agents.update(world.caller(), foreign.id, { active: false })).toMatchObject({
      problem: { code: 'not_found' },
    });
  });
});

describe('a session', () => {
  it('starts once when its form comes twice, though the second looks between the right code and the session', async () => {
    world = await createDeskWorld();
    await world.hire('agent');
    const { signIn } = world.service.staff;
    const credentials = { email: 'agent@acme.example', password: PASSWORD };
    const first = await signIn.password(world.application, credentials, BROWSER);
    if (!first.ok) throw new Error(first.problem.detail);
    await world.service.worker.tick();
    const enter = () => signIn.code(first.value.token, world.sink.last().code.reveal(), 'code', BROWSER);
    const { documents } = world.store;
    const remove = documents.remove.bind(documents);
    let twin: Awaited<ReturnType<typeof enter>> | undefined;
    documents.remove = async (kind, id) => {
      documents.remove = remove;
      twin = await enter();
      return remove(kind, id);
    };
    expect(await enter()).toMatchObject({ ok: true, value: { type: 'in' } });
    expect(twin).toMatchObject({ value: { type: 'ended' } });
  });

  it('ends after an hour without use, each use counting from the last (S0.9)', async () => {
    world = await createDeskWorld();
    await world.hire('agent');
    const { token } = await signedIn('agent@acme.example');
    const { sessions } = world.service.staff;
    for (let used = 0; used < 3; used++) {
      world.clock.now += 59 * 60_000;
      expect((await sessions.find(token, BROWSER)).state).toBe('live');
    }
    world.clock.now += HOUR + 60_000;
    expect(await sessions.find(token, BROWSER)).toMatchObject({ state: 'ended', reason: 'idle' });
  });

  it('ends after twelve hours however busy it is', async () => {
    world = await createDeskWorld();
    await world.hire('agent');
    const { token } = await signedIn('agent@acme.example');
    const { sessions } = world.service.staff;
    for (let hour = 1; hour <= 23; hour++) {
      world.clock.now += HOUR / 2;
      expect((await sessions.find(token, BROWSER)).state).toBe('live');
    }
    world.clock.now += HOUR / 2;
    expect(await sessions.find(token, BROWSER)).toMatchObject({ state: 'ended', reason: 'longest' });
  });

  it('is known by its token alone, whose hash is all that is kept (S2.7)', async () => {
    world = await createDeskWorld();
    await world.hire('agent');
    const { token } = await signedIn('agent@acme.example');
    const [id = '', secret = ''] = token.split('.');
    const { sessions } = world.service.staff;
    for (const other of [
      '',
      id,
      `${id}.`,
      `${id}.${secret.slice(1)}${secret.slice(0, 1)}`,
      `.${secret}`,
      'x'.repeat(5000),
    ])
      expect((await sessions.find(other, BROWSER)).state).toBe('none');
    const kept = await world.store.documents.list({ kind: 'session', limit: 10 });
    expect(JSON.stringify(kept)).not.toContain(secret);
  });

  it('of somebody deactivated is over at once', async () => {
    world = await createDeskWorld();
    const agent = await world.hire('agent');
    const { token } = await signedIn('agent@acme.example');
    await world.service.staff.agents.update(world.caller(), agent.id, { active: false });
    expect((await world.service.staff.sessions.find(token, BROWSER)).state).not.toBe('live');
    const again = await world.service.staff.signIn.password(
      world.application,
      { email: 'agent@acme.example', password: PASSWORD },
      BROWSER,
    );
    expect(again).toMatchObject({ ok: false, problem: { code: 'unauthenticated' } });
  });

  it('can be ended from another one of the same agent, and by nobody else', async () => {
    world = await createDeskWorld();
    await world.hire('agent');
    await world.hire('supervisor');
    const { sessions } = world.service.staff;
    const [one, two] = [await signedIn('agent@acme.example'), await signedIn('agent@acme.example')];
    const stranger = await signedIn('supervisor@acme.example');
    expect(await sessions.list(two.staff)).toMatchObject([
      { current: true, browser: 'Firefox on Windows', ip: '203.0.113.7' },
      { current: false },
    ]);
    expect((await sessions.revoke(stranger.staff, one.staff.session)).ok).toBe(false);
    expect((await sessions.revoke(two.staff, one.staff.session)).ok).toBe(true);
    expect((await sessions.find(one.token, BROWSER)).state).toBe('ended');
    const three = await signedIn('agent@acme.example');
    expect(await sessions.revokeOthers(three.staff)).toMatchObject({ value: { revoked: 1 } });
    expect((await sessions.find(two.token, BROWSER)).state).toBe('ended');
    expect((await sessions.find(three.token, BROWSER)).state).toBe('live');
  });
});

it('every act of staff is noted, without address or secret', async () => {
  world = await createDeskWorld();
  const agent = await world.hire('agent');
  world.clock.now += 1;
  const { staff } = await signedIn('agent@acme.example');
  world.clock.now += 1;
  await world.service.staff.signIn.password(world.application, { email: agent.email, password: 'wrong' }, BROWSER);
  world.clock.now += 1;
  const half = await world.service.staff.signIn.password(
    world.application,
    { email: agent.email, password: PASSWORD },
    BROWSER,
  );
  if (!half.ok) throw new Error(half.problem.detail);
  await world.service.worker.tick();
  const wrong = wrongCode(world.sink.last().code.reveal());
  for (const code of [wrong, 'no code']) await world.service.staff.signIn.code(half.value.token, code, 'code', BROWSER);
  world.clock.now += 1;
  await world.service.staff.sessions.signOut(staff);
  world.clock.now += 1;
  await world.service.staff.agents.update(world.caller(), agent.id, { role: 'auditor' });
  world.clock.now += 1;
  await world.service.staff.agents.update(world.caller(), agent.id, { name: 'Robin Vale' });
  world.clock.now += 1;
  await world.service.staff.agents.update(world.caller(), agent.id, { active: false });
  const notes = await world.store.documents.list({ kind: 'audit', limit: 20 });
  expect(notes.map(({ body }) => JSON.parse(body).action)).toEqual([
    'agent.created',
    'session.started',
    'session.refused',
    'session.refused',
    'session.ended',
    'agent.role_changed',
    'agent.changed',
    'agent.deactivated',
  ]);
  expect(JSON.parse(notes[3]?.body ?? '{}').data).toEqual({ second_factor: 'email', ip: BROWSER.ip });
  expect(notes.map(({ body }) => body).join()).not.toMatch(/acme\.example|wrong|violet|Vale/);
});

describe('the package of passkeys', () => {
  it.each([
    [true, 'ready'],
    [false, 'package'],
  ] as const)('is looked for on the disk once, however many sign-in pages there are (%j)', (isThere, state) => {
    let looks = 0;
    const stateNow = createPasskeyState({ publicUrl: 'https://desk.acme.example' }, () => {
      looks += 1;
      return isThere;
    });
    expect([stateNow(), stateNow(), stateNow()]).toEqual([state, state, state]);
    expect(looks).toBe(1);
  });

  it('can be used as soon as the service knows its address, though it had none when it was made', () => {
    const settings: { publicUrl: string | null } = { publicUrl: null };
    const stateNow = createPasskeyState(settings, () => true);
    expect(stateNow()).toBe('address');
    settings.publicUrl = 'http://localhost:7070';
    expect(stateNow()).toBe('ready');
  });
});
