import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Connection, openConnection } from '../../src/stores/sqlite/connection.ts';
import { createDeskWorld, type DeskBrowser, type DeskWorld } from '../support/desk.ts';
import { fillDesk, type Filled, pathsOf } from '../support/full-desk.ts';

const MOST_BYTES = 60_000;
/** Read whole because they hold one row, or a row per segment, application or policy; or what the statement itself made. */
const SMALL = new Set([
  'clock',
  'lookup_segments',
  'applications',
  'policies',
  'policy_snapshots',
  'meta',
  'schema_migrations',
  'sqlite_schema',
  'CONSTANT',
  'chain',
]);

let world: DeskWorld;
let browser: DeskBrowser;
let filled: Filled;
const texts = new Set<string>();

beforeAll(async () => {
  // As they are before they are watched.
  const { sql, values } = Connection.prototype;
  vi.spyOn(Connection.prototype, 'sql').mockImplementation(noting(sql));
  vi.spyOn(Connection.prototype, 'values').mockImplementation(noting(values));
  world = await createDeskWorld({ policies: { caller_check: { override: 'with_note' } } });
  filled = await fillDesk(world);
  await world.hire('admin');
  browser = world.browser();
  await browser.signIn('admin@acme.example');
}, 60_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await world.close();
});

/** The statements of the store, as they are asked for. */
function noting(method: Connection['sql']): Connection['sql'] {
  return function (this: Connection, text: string) {
    texts.add(text);
    return method.call(this, text);
  };
}

/** Every page, and the list as it is asked for. */
function everyPath(): readonly string[] {
  const queries = [
    'status=approved',
    'status=expired',
    'status=pending',
    'channel=sms',
    'country=AU',
    'purpose=caller_check',
    'period=week',
    'agent=agent',
    `q=${filled.reference}`,
    'q=%2B61491570006',
    'q=nobody@acme.example',
    `q=${filled.record}`,
    `cursor=${filled.record}`,
  ];
  return [
    ...pathsOf(filled),
    ...queries.map((query) => `/desk/records?${query}`),
    '/desk/audit?actor=system',
    '/desk/insights?period=90',
    `/desk/people?q=blue`,
  ];
}

describe('every page of a full desk', () => {
  it('answers, and takes at most 60 kB with its stylesheets and scripts', async () => {
    const sizes = new Map<string, number>();
    for (const path of everyPath()) {
      let seen = await browser.get(path);
      while (seen.status === 303) seen = await browser.get(seen.location);
      expect([path, seen.status]).toEqual([path, 200]);
      sizes.set(path, Buffer.byteLength(seen.html) + (await assetBytes(seen.html)));
    }
    expect(sizes.size).toBeGreaterThan(45);
    expect([...sizes].filter(([, bytes]) => bytes > MOST_BYTES)).toEqual([]);
  }, 60_000);
});

describe('what the store is asked for', () => {
  let plans: readonly { readonly text: string; readonly plan: readonly string[] }[];
  beforeAll(async () => {
    for (const path of everyPath()) await browser.get(path);
    const connection = await openConnection(world.path);
    const reads = [...texts].filter((text) => /^\s*(?:SELECT|WITH)/.test(text));
    plans = reads.map((text) => ({ text, plan: planOf(connection, text) }));
    connection.close();
  }, 60_000);

  it('reads no table that grows with the records from end to end', () => {
    const scans = plans.flatMap(({ text, plan }) =>
      plan.flatMap((line) => /^SCAN (\w+)/.exec(line)?.[1] ?? []).map((table) => ({ table, text })),
    );
    expect(plans.length).toBeGreaterThan(30);
    expect(scans.filter(({ table }) => !SMALL.has(table))).toEqual([]);
  });

  it('goes to a ticket by its index', () => {
    const tickets = plans.filter(({ text }) => text.includes('AND reference = ?'));
    expect(tickets.length).toBeGreaterThanOrEqual(2);
    for (const { plan } of tickets)
      expect(plan.join()).toMatch(
        / INDEX verifications_reference \(application=\? AND mode=\? AND reference=\? AND id/,
      );
  });
});

/** How SQLite goes about a statement, a line per table. */
function planOf(connection: Connection, text: string): readonly string[] {
  const marks = text.match(/\?/g)?.length ?? 0;
  const rows = connection.sql(`EXPLAIN QUERY PLAN ${text}`).all(...Array.from({ length: marks }, () => ''));
  return (rows as { readonly detail: string }[]).map(({ detail }) => detail);
}

const assets = new Map<string, number>();

async function assetBytes(html: string): Promise<number> {
  let sum = 0;
  for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
    if (!assets.has(path)) {
      const { status, html: text } = await browser.get(path, { 'accept-encoding': 'gzip' });
      expect([path, status]).toEqual([path, 200]);
      assets.set(path, gzipSync(text).length);
    }
    sum += assets.get(path) ?? 0;
  }
  return sum;
}
