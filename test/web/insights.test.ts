import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeskWorld, type DeskBrowser, type DeskWorld } from '../support/desk.ts';

const DAY_MS = 86_400_000;
let world: DeskWorld;
let browser: DeskBrowser;

beforeEach(async () => {
  world = await createDeskWorld();
  await world.hire('admin');
  browser = world.browser();
});
afterEach(() => world.close());

const day = (back: number): string => new Date(world.clock.now - back * DAY_MS).toISOString().slice(0, 10);

/** Codes that are asked for and sent, and every day counted. */
async function started(count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    await world.service.verify.start(world.caller(), { to: `+1415555${2000 + at}` });
    await world.service.worker.tick();
  }
  await world.service.insights.count();
}

async function insights(query = ''): Promise<{ readonly status: number; readonly html: string }> {
  await browser.signIn('admin@acme.example');
  return browser.get(`/desk/insights${query}`);
}

describe('the days that insights look at', () => {
  it.each([
    ['from=2026-02-30', 'from', 'Write the first day as'],
    ['until=yesterday', 'until', 'Write the last day as'],
    ['from=2026-11-20&until=2026-11-01', 'until', 'The last day is before the first.'],
    ['from=2020-01-01&until=2026-01-01', 'from', 'Choose 366 days at most.'],
  ])('are asked for again at the field, with what was typed: %s', async (query, field, problem) => {
    const { status, html } = await insights(`?${query}`);
    expect(status).toBe(422);
    expect(html).toContain('<title>Error: Insights');
    expect(html).toMatch(new RegExp(`id="${field}-error"[^>]*>(?:<[^>]*>|[^<])*${problem}`));
    for (const [name, typed] of new URLSearchParams(query))
      expect(html).toMatch(new RegExp(`name="${name}" value="${typed}"`));
  });

  it('reach from a first day alone up to today', async () => {
    const { html } = await insights(`?from=${day(3)}`);
    expect(html).toContain(`name="until" value="${day(0)}"`);
  });
});

describe('figures', () => {
  it('of one day are a level line with the numbers beside it (S0.45)', async () => {
    await started(3);
    const { html } = await insights(`?from=${day(0)}&until=${day(0)}`);
    expect(html).toContain('aria-label="That day 3 started, and 0 were verified."');
    expect(/<polyline class="c1" points="0\.0,([\d.]+) 700\.0,([\d.]+)"/.exec(html)?.slice(1)).toEqual([
      '50.0',
      '50.0',
    ]);
  });

  it('name the few before instead of a share of them', async () => {
    await started(2);
    world.clock.now += DAY_MS;
    await started(25);
    const { html } = await insights(`?from=${day(0)}&until=${day(0)}`);
    expect(html).toContain('<dd>25</dd><dd>2 before</dd>');
  });

  it('name agents, and nobody by an id', async () => {
    const priya = await world.hire('agent', { name: 'Priya Raman' });
    for (const [at, id] of [priya.id, 'agt_01MCC5RM00AT95R0JG1D25PXN998CF'].entries()) {
      const caller = { ...world.caller(), actor: { type: 'agent', id } as const };
      await world.service.verify.start(caller, { to: `+1415555200${at}` });
      await world.service.worker.tick();
    }
    await world.service.insights.count();
    const { html } = await insights();
    expect(html).toContain('>Priya Raman<');
    expect(html).toContain('>An agent<');
    expect(html.slice(html.indexOf('<main'))).not.toContain('agt_');
  });

  it('say why in words, and what a rule stopped as blocked (S2.83)', async () => {
    await world.service.listRules.add(world.caller(), { list: 'block', type: 'destination', value: '+14155552000' });
    await started(2);
    const { html } = await insights();
    expect(html).toContain('On the block list');
    expect(html).toMatch(/Blocked before sending<\/dt><dd>1<\/dd>/);
  });
});
