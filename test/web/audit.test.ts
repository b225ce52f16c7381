import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/core/staff.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld } from '../support/desk.ts';

let world: DeskWorld;
beforeEach(async () => {
  world = await createDeskWorld();
});
afterEach(() => world.close());

const AUDIT = '/desk/audit';

async function signedIn(role: Role): Promise<DeskBrowser> {
  await world.hire(role);
  const browser = world.browser();
  await browser.signIn(`${role}@acme.example`);
  return browser;
}

describe('the page of the audit log', () => {
  it('finds what was done to an id, and nothing for what is none, which stays in the box', async () => {
    const browser = await signedIn('auditor');
    const [agent] = await world.store.documents.list({ kind: 'agent', limit: 1 });
    const found = await browser.get(`${AUDIT}?q=${agent?.id ?? ''}`);
    expect(found.html).toContain('Created an agent');
    expect(found.html).not.toContain('Signed in<');
    for (const typed of ['ada@acme.example', 'agt_1 or more', `"'>`]) {
      const { html } = await browser.get(`${AUDIT}?q=${encodeURIComponent(typed)}`);
      expect(html).toContain('No entry fits these filters');
      expect(html.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&gt;', '>')).toContain(
        `value="${typed}"`,
      );
    }
  });

  it.each([
    ['?what=agents', 'Created an agent', 'Signed in<'],
    ['?what=sign-ins&who=agent', 'Signed in<', 'Created an agent'],
    ['?what=toString', 'Signed in<', 'No entry fits'],
    ['?until=2001-01-01', 'No entry fits these filters', 'Signed in<'],
    ['?from=2099-01-01', 'No entry fits these filters', 'Signed in<'],
  ])('shows %s as asked', async (query, there, away) => {
    const browser = await signedIn('auditor');
    const { status, html } = await browser.get(`${AUDIT}${query}`);
    expect([status, html.includes(there), html.includes(away)]).toEqual([200, true, false]);
  });

  it.each([
    ['from', '2026-02-30'],
    ['until', 'yesterday'],
  ])('names a day in “%s” that cannot be read, keeps it and shows nothing in its place', async (field, typed) => {
    const browser = await signedIn('auditor');
    const { status, html } = await browser.get(`${AUDIT}?${field}=${typed}&what=sign-ins`);
    expect(status).toBe(422);
    expect(html).toMatch(new RegExp(`id="${field}-error">.*?“${typed}” is no day`));
    expect(html).toMatch(new RegExp(`name="${field}" value="${typed}"`));
    expect(html).toContain('No entry fits these filters');
    expect(html.match(/aria-invalid="true"/g)).toHaveLength(1);
  });

  it('keeps the agent who was chosen in the list, however many there are', async () => {
    const browser = await signedIn('auditor');
    const caller = { ...world.caller(), actor: { type: 'system', id: 'test' } as const };
    const invite = (at: number) =>
      world.service.staff.passwordLinks.invite(caller, {
        name: `Agent ${at}`,
        email: `agent${at}@acme.example`,
        role: 'agent',
      });
    for (let at = 0; at < 100; at++) await invite(at);
    world.clock.now += 1;
    const last = await invite(100);
    if (!last.ok) throw new Error(last.problem.detail);
    const { html } = await browser.get(`${AUDIT}?who=${last.value.id}`);
    expect(html).toContain(`<option value="${last.value.id}" selected="">Agent 100</option>`);
    expect((await browser.get(AUDIT)).html).not.toContain('Agent 100<');
  });

  it('is for those who may look, and its acts for auditors alone', async () => {
    for (const [role, look, verify] of [
      ['agent', 403, 403],
      ['supervisor', 200, 403],
      ['admin', 200, 403],
      ['auditor', 200, 303],
    ] as const) {
      const browser = await signedIn(role);
      const answers = [await browser.get(AUDIT), await browser.post(`${AUDIT}/verify`)];
      expect([role, ...answers.map(({ status }) => status)]).toEqual([role, look, verify]);
      expect((await browser.post(`${AUDIT}/export`)).status).toBe(role === 'auditor' ? 200 : 403);
    }
  });
});
