import { afterEach, describe, expect, it } from 'vitest';
import { createHostedWorld, type HostedWorld, BASE, RETURN } from '../web/hosted/browser.ts';
import { wrongCode } from '../support/world.ts';

let world: HostedWorld;
afterEach(() => world.close());

type Jar = ReturnType<HostedWorld['browser']>;
const EMAIL = 'mara@bluegum.example';
/** From here on two samples count as alike (abuse case A25), and so often they are taken before they count as different. */
const CHANCE = 0.01;
const ROUNDS = 3;

async function request(browser: Jar, email = EMAIL, query = '') {
  await browser.go(`/otp/request${query}`);
  return browser.go(`/otp/request${query}`, { channel: 'email', email });
}

async function linked(extra: Record<string, unknown> = {}): Promise<{ id: string; path: string }> {
  const started = await world.service.verify.start(world.caller(), { to: EMAIL, return_url: RETURN, ...extra });
  if (!started.ok) throw new Error(started.problem.detail);
  const { id, hosted_url: url } = started.value.verification;
  return { id, path: new URL(url ?? '').pathname };
}

describe('A25: a silent directory behind hosted pages', () => {
  async function silentWorld() {
    world = await createHostedWorld({ policies: { login: { preset: 'customer-login' } } });
    await world.service.directory.put(world.caller(), { to: 'known@bluegum.example' });
  }

  /** Everything a browser sees, without what differs between any two requests. */
  function bare(text: string): string {
    return text.replace(/vrf_[0-9A-Z]{30}/g, 'vrf_').replace(/(kn|un)•••@/g, '••@');
  }

  /** An answer as a browser sees it: status, headers with the length of cookies, whose content is sealed, and every byte. */
  async function seen(response: Response): Promise<string> {
    const headers = [...response.headers].map(([name, value]) =>
      name === 'set-cookie' ? `${value.split('=')[0]}: ${value.length} characters` : `${name}: ${bare(value)}`,
    );
    return [response.status, ...headers, bare(await response.text())].join('\n');
  }

  it('shows the same bytes and headers for known and unknown people, page after page, to the end', async () => {
    await silentWorld();
    const people = ['known', 'unkno'].map((name) => ({ name, browser: world.browser(), at: '' }));
    /** Both at the same moment, so that no page shows another time. */
    async function both(act: (person: (typeof people)[number]) => Promise<Response>): Promise<string> {
      const answers: string[] = [];
      for (const person of people) answers.push(await seen(await act(person)));
      expect(answers[1]).toBe(answers[0]);
      return answers[0] ?? '';
    }
    await both(({ browser }) => browser.ask('/otp/request'));
    await both(async (person) => {
      const email = `${person.name}@bluegum.example`;
      const answer = await person.browser.ask('/otp/request', { channel: 'email', email });
      person.at = answer.headers.get('location') ?? '';
      return answer;
    });
    await world.service.worker.tick();
    const look = () => both(({ browser, at }) => browser.ask(at));
    const resend = () => both(({ browser, at }) => browser.ask(at.replace('verify', 'resend'), {}));
    await look();
    await resend();
    world.clock.now += 61_000;
    await resend();
    await world.service.worker.tick();
    await look();
    await both(({ browser, at }) => browser.ask(at, { code: 'nonsense' }));
    for (let i = 0; i < 5; i++) {
      await both(({ browser, at }) => browser.ask(at, { code: '000000' }));
      await look();
    }
    expect(await look()).toContain('Too many wrong codes');
    // A new code after the end of the old one, and its end in turn.
    await both(async (person) => {
      const answer = await person.browser.ask(person.at.replace('verify', 'resend'), {});
      person.at = answer.headers.get('location') ?? '';
      return answer;
    });
    await look();
    world.clock.now += 301_000;
    expect(await look()).toContain('The code has expired');
    await world.service.worker.tick();
    expect(new Set(world.sink.messages.map(({ to }) => to))).toEqual(new Set(['known@bluegum.example']));
    expect(world.sink.messages.length).toBeGreaterThan(1);
  });

  it('does not tell by a message that could not be delivered', async () => {
    await silentWorld();
    world.sink.answer = () => ({ type: 'failure', kind: 'rejected', retry: 'final', detail: 'no such mailbox' });
    const browser = world.browser();
    const page = await request(browser, 'known@bluegum.example');
    await world.service.worker.tick();
    const after = await browser.go(page.at);
    expect(after.text).toContain('Enter your code');
    expect((await browser.go(page.at, { code: '000000' })).text).toContain('Tries left: 4');
  });

  it(
    'takes the same time: 500 known and 500 unknown people, interleaved, who start and enter a wrong code',
    { timeout: 240_000 },
    async () => {
      // Equal times look unequal by chance once in a hundred comparisons, three times in a row once in a million.
      const likeness = { start: 0, check: 0 };
      for (let round = 0; round < ROUNDS && Math.min(likeness.start, likeness.check) <= CHANCE; round++) {
        const times = await interleaved(500);
        for (const step of ['start', 'check'] as const) {
          const { known, unkno } = times[step];
          const [gap, p] = [Math.abs(median(known) - median(unkno)), permutationP(known, unkno)];
          console.info(
            `${step}: medians ${median(known).toFixed(2)} / ${median(unkno).toFixed(2)} ms, gap ${gap.toFixed(3)} ms, p ${p}`,
          );
          expect([step, known.length, unkno.length]).toEqual([step, 500, 500]);
          expect(gap).toBeLessThan(2);
          likeness[step] = Math.max(likeness[step], p);
        }
      }
      expect(likeness.start).toBeGreaterThan(CHANCE);
      expect(likeness.check).toBeGreaterThan(CHANCE);
    },
  );

  /** How long start and wrong code took of so many people of each kind, ms, in a world of their own. */
  async function interleaved(count: number): Promise<Record<'start' | 'check', Record<'known' | 'unkno', number[]>>> {
    await world?.close();
    world = await createHostedWorld({
      policies: { login: { preset: 'customer-login' } },
      limits: { hosted_ip: { max: 100_000 }, destination_sends: { max: 100_000 } },
    });
    for (let i = 0; i < count; i++)
      await world.service.directory.put(world.caller(), { to: `known${i}@bluegum.example` });
    const times = { start: { known: [], unkno: [] }, check: { known: [], unkno: [] } } as Awaited<
      ReturnType<typeof interleaved>
    >;
    async function timed(act: () => Promise<Response>, kept: number[] | null): Promise<Response> {
      const begun = process.hrtime.bigint();
      const answer = await act();
      const took = Number(process.hrtime.bigint() - begun) / 1e6;
      expect(answer.status).toBe(303);
      kept?.push(took);
      return answer;
    }
    for (let i = -20; i < count; i++) {
      const order = (i & 1) === 0 ? (['known', 'unkno'] as const) : (['unkno', 'known'] as const);
      for (const person of order) {
        const browser = world.browser();
        browser.jar.set('any', 'cookie');
        const form = { channel: 'email', email: `${person}${Math.abs(i)}@bluegum.example` };
        const counts = i >= 0;
        const answer = await timed(() => browser.ask('/otp/request', form), counts ? times.start[person] : null);
        const at = answer.headers.get('location') ?? '';
        await timed(() => browser.ask(at, { code: '000000' }), counts ? times.check[person] : null);
      }
    }
    return times;
  }
});

describe('A27: whose browser it is', () => {
  it('a verification of the API belongs to the first browser that presses the button; looking claims nothing', async () => {
    world = await createHostedWorld();
    const { path } = await linked();
    const scanner = world.browser();
    for (let i = 0; i < 10; i++) expect((await scanner.ask(path)).status).toBe(200);
    const owner = world.browser();
    await owner.go(path);
    const mine = await owner.go(path, {});
    expect(mine.text).toContain('Enter your code');
    const stranger = world.browser();
    expect((await stranger.go(path)).text).toContain('This link does not work');
    expect((await stranger.go(path, {})).text).toContain('This link does not work');
    expect((await owner.go(path)).text).toContain('Enter your code');
    expect((await owner.ask(mine.at, { code: await world.code() })).headers.get('location')).toContain(RETURN);
  });

  it('twenty browsers at once: one has it', async () => {
    world = await createHostedWorld();
    const { path } = await linked();
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const browser = world.browser();
        await browser.ask(path);
        return browser.ask(path, {});
      }),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(19);
  });

  it('knowing the address of the code page is not enough, nor is the right code', async () => {
    world = await createHostedWorld();
    const owner = world.browser();
    const page = await request(owner);
    const code = await world.code();
    const thief = world.browser();
    await thief.go('/otp/request');
    expect((await thief.go(page.at)).text).toContain('Your session is over');
    expect((await thief.ask(page.at, { code })).status).toBe(410);
    expect((await owner.ask(page.at, { code })).headers.get('location')).toContain(RETURN);
  });

  it('a session that was there before is not the one after', async () => {
    world = await createHostedWorld({ application: { return_urls: [] } });
    const browser = world.browser();
    const planted = 'A'.repeat(20) + '.' + 'B'.repeat(32);
    browser.jar.set('__Host-ww_session', planted);
    const page = await request(browser);
    await browser.go(page.at, { code: await world.code() });
    expect(browser.jar.get('__Host-ww_session')).not.toBe(planted);
    const first = browser.jar.get('__Host-ww_session') ?? '';
    const again = await request(browser);
    await browser.go(again.at, { code: await world.code() });
    expect(browser.jar.get('__Host-ww_session')).not.toBe(first);
    const old = world.browser();
    old.jar.set('__Host-ww_session', first);
    expect(await (await old.ask('/otp/session')).json()).toEqual({ object: 'session', active: false });
  });

  it.each([
    ['altered', (text: string) => text.slice(0, -4) + (text.endsWith('AAAA') ? 'BBBB' : 'AAAA')],
    ['cut', (text: string) => text.slice(0, -8)],
    ['of another kind', () => 'x.y'],
    ['empty', () => ''],
  ])('a cookie that is %s holds nothing', async (_, change) => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await request(browser);
    browser.jar.set('__Host-ww_otp', change(browser.jar.get('__Host-ww_otp') ?? ''));
    expect((await browser.go(page.at)).status).toBe(410);
    expect((await browser.ask(page.at, { code: await world.code() })).status).toBe(410);
  });

  it.each([
    ['altered', (token: string) => token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA')],
    ['of another verification', (token: string) => token.replace(/^[0-9A-Z]{30}/, '0'.repeat(30))],
    ['without its proof', (token: string) => token.split('.')[0] ?? ''],
    ['nonsense', () => '%00%ff'],
  ])('an address whose token is %s leads nowhere', async (_, change) => {
    world = await createHostedWorld();
    const { path } = await linked();
    const bad = `/v/${change(path.slice('/v/'.length))}`;
    const browser = world.browser();
    expect((await browser.ask(bad)).status).toBe(404);
    expect((await browser.ask(bad, {})).status).toBe(404);
  });
});

describe('A35: a code that somebody else enters', () => {
  it.each([
    ['checked by its destination', { preset: 'ephemeral', retention_days: 1 } as const],
    ['checked by the API', {}],
  ])('gives the browser that began it no receipt, %s', async (_, policy) => {
    world = await createHostedWorld({ policies: { login: policy } });
    const stranger = world.browser();
    const page = await request(stranger);
    const id = new URL(page.at, BASE).searchParams.get('v') ?? '';
    const code = await world.code();
    const { verify } = world.service;
    const checked = await ('preset' in policy
      ? verify.checkByDestination(world.caller(), { to: EMAIL, code })
      : verify.check(world.caller(), id, { code }));
    expect(checked).toMatchObject({ value: { result: 'approved' } });
    const after = await stranger.go(page.at);
    expect(after.text).toContain('You are confirmed');
    expect(after.text).not.toContain('result=');
  });

  it('gives a receipt to the one of two browsers that entered it, under on_open: reuse', async () => {
    world = await createHostedWorld({ policies: { login: { on_open: 'reuse' } } });
    const stranger = world.browser();
    const owner = world.browser();
    const theirs = await request(stranger);
    const mine = await request(owner);
    expect(mine.at).toBe(theirs.at);
    const done = await owner.ask(mine.at, { code: await world.code() });
    expect(done.headers.get('location')).toContain('result=');
    expect((await owner.go(mine.at)).text).toContain('result=');
    expect((await stranger.go(theirs.at)).text).not.toContain('result=');
  });

  it('that a test key sent signs nobody in', async () => {
    const here = `${BASE}/after`;
    world = await createHostedWorld({ application: { return_urls: [here] } });
    const started = await world.service.verify.start(world.caller('test'), { to: EMAIL, return_url: here });
    if (!started.ok) throw new Error(started.problem.detail);
    await world.service.worker.tick();
    const browser = world.browser();
    const path = new URL(started.value.verification.hosted_url ?? '').pathname;
    await browser.go(path);
    const page = await browser.go(path, {});
    const done = await browser.ask(page.at, { code: world.inbox.last().code.reveal() });
    expect(done.headers.get('location')).toContain(`${here}?`);
    expect(browser.jar.has('__Host-ww_session')).toBe(false);
    expect(await (await browser.ask('/otp/session')).json()).toEqual({ object: 'session', active: false });
  });
});

describe('A28: forms of other sites', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a sibling of the site', { origin: 'https://other.example', 'sec-fetch-site': 'same-site' }],
    ['an opaque origin', { origin: 'null' }],
    ['no origin but a cross-site fetch', { origin: '', 'sec-fetch-site': 'cross-site' }],
  ])('%s is refused on every page, and nothing happens', async (_, headers) => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await request(browser);
    const code = await world.code();
    const { path } = await linked();
    const sent = world.sink.messages.length;
    for (const target of ['/otp/request', page.at, page.at.replace('verify', 'resend'), '/otp/logout', path]) {
      const answer = await browser.ask(target, { code, channel: 'email', email: EMAIL }, headers);
      expect([target, answer.status]).toEqual([target, 403]);
    }
    await world.service.worker.tick();
    // The one message more is that of the API's own start.
    expect(world.sink.messages).toHaveLength(sent + 1);
    expect((await browser.go(page.at)).text).toContain('Enter your code');
  });

  it.each(['text/plain', 'application/json', 'multipart/form-data; boundary=x'])('%s is no form', async (type) => {
    world = await createHostedWorld();
    const browser = world.browser();
    for (const target of ['/otp/request', '/otp/resend', '/otp/logout'])
      expect((await browser.ask(target, { email: EMAIL }, { 'content-type': type })).status).toBe(415);
  });

  it('no GET or HEAD starts, checks, resends, claims or signs out', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await request(browser);
    const code = await world.code();
    const { path } = await linked();
    const before = await snapshot();
    for (const target of [
      `/otp/request?channel=email&email=${EMAIL}`,
      `${page.at}&code=${code}`,
      page.at.replace('verify', 'resend'),
      '/otp/logout',
      path,
    ]) {
      await browser.ask(target);
      await world.pages.request(new URL(target, BASE), { method: 'HEAD' });
    }
    expect(await snapshot()).toEqual(before);
  });

  async function snapshot() {
    const list = await world.service.records.search(world.caller(), {});
    if (!list.ok) throw new Error('no list');
    return list.value.data.map(({ id, status, checks, sends }) => ({ id, status, checks, sends }));
  }
});

describe('A29: where a flow may lead', () => {
  it.each([
    'https://evil.example/',
    '//evil.example',
    '\\\\evil.example',
    'https://shop.example/back',
    'https://shop.example/back?from=verify#x',
    'https://shop.example@evil.example/',
    'javascript:alert(1)',
    `${RETURN}/../x`,
    '',
  ])('%s is not registered: neither the page nor the form goes on', async (url) => {
    world = await createHostedWorld();
    const browser = world.browser();
    const query = `?return_url=${encodeURIComponent(url)}`;
    expect((await browser.ask(`/otp/request${query}`)).status).toBe(404);
    expect((await request(browser, EMAIL, query)).status).toBe(404);
    await world.service.worker.tick();
    expect(world.sink.messages).toEqual([]);
    const out = await browser.ask(`/otp/logout${query}`, {});
    expect(out.headers.get('location')).toBe('/otp/logout');
  });

  it('an address that is no longer registered is not gone to, and the person is told the end', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await request(browser);
    await world.service.applications.update(world.caller(), world.application.id, { return_urls: [] });
    world.clock.now += 1_500;
    const end = await browser.go(page.at, { code: await world.code() });
    expect(end.text).toContain('You are confirmed');
    expect(end.text).not.toContain('shop.example');
  });

  it('links come from the settings, whatever Host and X-Forwarded-Host say', async () => {
    world = await createHostedWorld();
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const answer = await world.browser({ headers }).ask('/otp/request');
    expect(await answer.text()).not.toContain('evil.example');
    expect((await linked()).path).toMatch(/^\/v\//);
    const started = await world.service.verify.start(world.caller(), { to: EMAIL, return_url: RETURN });
    expect(started.ok && started.value.verification.hosted_url).toMatch(/^https:\/\/verify\.example\/v\//);
  });
});

describe('A34, S2.49: Back, double submit and two tabs', () => {
  it('the right code twice at once: one approval, and both browsers tabs end well', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const page = await request(browser);
    const code = await world.code();
    const both = await Promise.all([browser.go(page.at, { code }), browser.go(page.at, { code })]);
    const ends = both.map(
      ({ location, text }) => location?.startsWith(RETURN) === true || text.includes('You are confirmed'),
    );
    expect(ends).toEqual([true, true]);
    expect(both.filter(({ location }) => location?.startsWith(RETURN))).toHaveLength(1);
  });

  it('changing the address between request and code does not move the code', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const first = await request(browser);
    const firstCode = await world.code();
    const second = await request(browser, 'noor@bluegum.example');
    const secondCode = await world.code();
    if (firstCode !== secondCode)
      expect((await browser.go(second.at, { code: firstCode })).text).toContain('not right');
    expect((await browser.ask(first.at, { code: firstCode })).headers.get('location')).toContain(RETURN);
  });

  it('a stranger who burns tries on a flow of his own takes none from the owner', async () => {
    world = await createHostedWorld();
    const owner = world.browser();
    const mine = await request(owner);
    const code = await world.code();
    const stranger = world.browser();
    const his = await request(stranger);
    for (let i = 0; i < 5; i++) await stranger.go(his.at, { code: wrongCode(code) });
    expect((await owner.ask(mine.at, { code })).headers.get('location')).toContain(RETURN);
  });
});

describe('A7, A33: many starts by one browser address', () => {
  it('hosted_ip refuses the eleventh start of an hour with a page that says when', async () => {
    world = await createHostedWorld();
    for (let i = 0; i < 10; i++)
      expect((await request(world.browser(), `p${i}@bluegum.example`)).text).toContain('Enter your code');
    const late = world.browser();
    await late.go('/otp/request');
    const answer = await late.ask('/otp/request', { channel: 'email', email: 'p10@bluegum.example' });
    expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(await answer.text()).toContain('Too many tries');
    world.ips.current = '203.0.113.8';
    expect((await request(world.browser(), 'p11@bluegum.example')).text).toContain('Enter your code');
  });
});

describe('cookies off', () => {
  it('a browser that keeps none is told so before anything is sent, and claims nothing', async () => {
    world = await createHostedWorld();
    const browser = world.browser({ cookies: false });
    await browser.go('/otp/request');
    const answer = await browser.go('/otp/request', { channel: 'email', email: EMAIL });
    expect([answer.status, answer.text.includes('Cookies are needed')]).toEqual([400, true]);
    await world.service.worker.tick();
    expect(world.sink.messages).toEqual([]);
    const { path } = await linked();
    expect((await browser.go(path, {})).text).toContain('Cookies are needed');
    const owner = world.browser();
    await owner.go(path);
    expect((await owner.go(path, {})).text).toContain('Enter your code');
  });
});

describe('wrong encodings', () => {
  it.each([
    ['bytes that are no UTF-8', 'channel=email&email=%ff%fe%00'],
    ['a line break in the address', 'channel=email&email=a%40b.example%0d%0aBcc:%20x%40y.example'],
    ['an unknown channel', `channel=pigeon&email=${EMAIL}x%00`],
    ['a country that is none', 'channel=sms&country=XX&phone=0491570156'],
    ['nothing', ''],
    ['only percent signs', '%%%=%%%'],
  ])('%s is a field error, never a failure', async (_, body) => {
    world = await createHostedWorld();
    const answer = await world.pages.request(`${BASE}/otp/request`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: BASE },
      body,
    });
    expect(answer.status).toBe(422);
  });

  it('a form of more than 16 kB is refused', async () => {
    world = await createHostedWorld();
    const answer = await world.browser().ask('/otp/request', { email: 'x'.repeat(20_000) });
    expect(answer.status).toBe(413);
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

/** Two-sided permutation test on the difference of medians, 999 shuffles. */
function permutationP(left: readonly number[], right: readonly number[]): number {
  const seen = Math.abs(median(left) - median(right));
  const all = [...left, ...right];
  let beyond = 1;
  for (let round = 0; round < 999; round++) {
    for (let i = all.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [all[i], all[j]] = [all[j] ?? 0, all[i] ?? 0];
    }
    if (Math.abs(median(all.slice(0, left.length)) - median(all.slice(left.length))) >= seen) beyond += 1;
  }
  return beyond / 1000;
}
