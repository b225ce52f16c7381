import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentView } from '../../src/core/agent-views.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld } from '../support/desk.ts';

let world: DeskWorld;
let agent: AgentView;
let path: string;
beforeEach(async () => {
  world = await createDeskWorld();
  agent = await world.hire('agent', { name: 'Priya Raman' });
  path = `/desk/agents/${agent.id}`;
});
afterEach(() => world.close());

async function signedIn(role: 'admin' | 'supervisor'): Promise<DeskBrowser> {
  await world.hire(role);
  const browser = world.browser();
  await browser.signIn(`${role}@acme.example`);
  return browser;
}

describe('the page of an agent', () => {
  it('names the field that is wrong and keeps what was typed', async () => {
    const browser = await signedIn('admin');
    const { status, html } = await browser.post(path, { act: 'save', name: ' ', role: 'auditor' });
    expect(status).toBe(422);
    expect(html).toContain('id="name-error"');
    expect(html).not.toContain('id="role-error"');
    expect(html).toContain('<option value="auditor" selected="">');
    expect(html).not.toMatch(/id="name"[^>]*value="Priya Raman"/);
  });

  it('answers 403 to a supervisor who would give a role that is not theirs to give, and changes nothing', async () => {
    const browser = await signedIn('supervisor');
    const made = await browser.post(path, { act: 'save', name: 'Priya Vale', role: 'admin' });
    expect([made.status, made.html.includes('id="role-error"')]).toEqual([403, true]);
    expect(made.html).toContain('value="Priya Vale"');
    const invited = await browser.post('/desk/agents/invite', { name: 'Milo', email: 'm@acme.example', role: 'admin' });
    expect(invited.status).toBe(403);
    expect(invited.html).toContain('value="m@acme.example"');
    expect(await world.service.staff.agents.get(world.caller(), agent.id)).toMatchObject({
      value: { name: 'Priya Raman', role: 'agent' },
    });
  });

  it('answers 403 to a supervisor about anybody but agents', async () => {
    const admin = await world.hire('admin');
    const browser = await signedIn('supervisor');
    const { status, html } = await browser.post(`/desk/agents/${admin.id}`, { act: 'deactivate' });
    expect([status, html.includes('Only an administrator')]).toEqual([403, true]);
  });
});

it('an invitation is told to be on its way, not to have arrived, while no mail server takes it; the next one ends it', async () => {
  const browser = await signedIn('admin');
  world.sink.answer = () => ({ type: 'failure', kind: 'unavailable', retry: 'retry', detail: 'connection failed' });
  const { location } = await browser.post('/desk/agents/invite', {
    name: 'Milo',
    email: 'm@acme.example',
    role: 'agent',
  });
  await world.service.worker.tick();
  expect((await browser.get(location)).html).toContain('A link to choose a password is on its way to m@acme.example.');
  const listed = await world.service.staff.agents.list(world.caller(), {});
  const milo = listed.ok ? listed.value.data.find(({ name }) => name === 'Milo') : undefined;
  await browser.post(`/desk/agents/${milo?.id ?? ''}`, { act: 'invite' });
  const { html } = await browser.get(`/desk/agents/${milo?.id ?? ''}`);
  expect(html).toContain('A new link is on its way to Milo. The one before no longer works.');
});
