import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import { STATUSES } from '../../src/core/verification.ts';
import { type Ended, watchword, workplace } from './command-line.ts';

describe('watchword demo', { timeout: 120_000 }, () => {
  let place: ReturnType<typeof workplace>;
  let first: Ended;
  let tookMs: number;

  beforeAll(async () => {
    place = workplace();
    const began = Date.now();
    first = await watchword(['demo', '--seed', '7', '--json'], place.env);
    tookMs = Date.now() - began;
  }, 120_000);
  afterAll(() => place.remove());

  it('makes agents of every role with passwords, and says how much it wrote, within a minute', () => {
    expect(first.exit, first.err).toBe(0);
    const told = JSON.parse(first.out) as { created: boolean; records: number; agents: Record<string, string>[] };
    expect(told.created).toBe(true);
    expect(told.records).toBeGreaterThan(600);
    expect(told.agents.map(({ role }) => role)).toEqual(['admin', 'supervisor', 'agent', 'agent', 'auditor']);
    expect(told.agents.every(({ password = '' }) => password.length >= 15)).toBe(true);
    expect(tookMs).toBeLessThan(60_000);
  });

  it('leaves records in every state, with events and messages, and queues nothing', async () => {
    const { application } = JSON.parse(first.out) as { application: string };
    const path = place.env['DATABASE_URL']?.replace('sqlite:', '') ?? '';
    const store = await openSqliteStore({ path, now: Date.now });
    const seen = new Set<string>();
    for (const status of STATUSES) {
      const query = { application, mode: 'live', status, limit: 1, now: Date.now() } as const;
      const { rows } = await store.records.search(query);
      for (const row of rows) {
        seen.add(row.status);
        expect((await store.records.events(row.id)).length).toBeGreaterThan(0);
      }
    }
    expect([...seen].toSorted()).toEqual([...STATUSES].toSorted());
    expect((await store.outbox.backlog()).queued).toBe(0);
    await store.close();
  });

  it('knows who may act for whom: companies, each with representatives', async () => {
    const { application } = JSON.parse(first.out) as { application: string };
    const store = await openSqliteStore({
      path: place.env['DATABASE_URL']?.replace('sqlite:', '') ?? '',
      now: Date.now,
    });
    const count = async (kind: string) => (await store.documents.list({ kind, application, limit: 100 })).length;
    expect([await count('client'), await count('representative')]).toEqual([8, 24]);
    await store.close();
  });

  it('leaves everybody their messages of today: what was told counts to no limit', async () => {
    const to = '+61491570006';
    const sent = await watchword(
      ['send', '--application', 'Harbour Mobile', '--to', to, '--channel', 'sms'],
      place.env,
    );
    expect(sent.exit, sent.err).toBe(0);
  });

  it('changes nothing the second time, and says so', async () => {
    const again = await watchword(['demo'], place.env);
    expect(again.exit).toBe(0);
    expect(again.out).toContain('The demo is there already; nothing was changed.');
    expect(again.out).toContain('/desk/sign-in?app=Harbour%20Mobile');
  });

  it('refuses to touch production, another kind of database, and a seed that is none', async () => {
    const production = await watchword(['demo'], {
      ...place.env,
      WATCHWORD_MODE: 'production',
      WATCHWORD_SECRET: 'pX7vQ2mL9rT4wK8zB1nD6hJ3sF5gY0cA',
    });
    expect([production.exit, production.out]).toEqual([1, '']);
    expect(production.err).toContain('in production it changes nothing');
    const server = await watchword(['demo'], { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' });
    expect(server.err).toContain('SQLite databases only');
    expect((await watchword(['demo', '--seed', 'x'], place.env)).exit).toBe(2);
  });
});
