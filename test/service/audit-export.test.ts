import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'watchword-audit-'));
const script = /```js\n([\s\S]*?)```/.exec(readFileSync('docs/audit.md', 'utf8'))?.[1] ?? '';
let world: World;
let lines: readonly string[] = [];

beforeAll(async () => {
  world = await createWorld();
  const { service, application, clock } = world;
  await world.store.applications.putPolicy(application.id, 'kept', { retention_days: null });
  clock.now += 1_000;
  const caller = world.caller();
  const note = async (count: number): Promise<void> => {
    for (let made = 0; made < count; made++) {
      const actor = { type: 'agent', id: 'agt_1' } as const;
      const data = { made, text: 'ü•𝔘"\\', left: null, right: true };
      await service.audit.note({ application: application.id, actor, action: 'record.noted', target: null, data });
    }
  };
  await note(3);
  await service.audit.seal();
  clock.now += 10 * 86_400_000;
  const { id } = await world.startAndRead('+14155552671', { purpose: 'kept' });
  await service.verify.cancel(caller, id);
  for (const count of [1, 2, 7, 12]) {
    await note(count);
    await service.audit.seal();
  }
  await service.records.erase(caller, '+14155552671');
  await service.audit.purge(caller, 5);
  await service.audit.seal();
  const log = await service.audit.export(caller);
  if (!log.ok) throw new Error('refused');
  lines = (await new Response(log.value).text()).trim().split('\n');
  writeFileSync(join(folder, 'check-audit.mjs'), script);
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify(service.receipts.jwks()));
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

async function check(log: readonly string[]): Promise<string> {
  const path = join(folder, 'audit.jsonl');
  writeFileSync(path, `${log.join('\n')}\n`);
  const ran = await run(process.execPath, [join(folder, 'check-audit.mjs'), path, join(folder, 'jwks.json')]).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return ran.stdout + ran.stderr;
}

describe('the script of docs/audit.md', () => {
  it('is thirty lines for Node without any package', () => {
    expect(script.trim().split('\n').length).toBeLessThanOrEqual(30);
    const imported = [...script.matchAll(/\bfrom '([^']+)'|\b(?:import|require)\('([^']+)'/g)].map((found) => found[1]);
    expect(imported).toEqual(['node:crypto', 'node:fs']);
  });

  it('finds a real export intact, with erased and purged entries in it, and the root that the service names', async () => {
    const verdict = await world.service.audit.verify(world.caller());
    expect(verdict.ok && verdict.value).toMatchObject({ intact: true, erased: 1, purged: 3 });
    const said = await check(lines);
    expect(said).toMatch(/^Intact: 2\d entries, 6 batches, root [\w-]{43}/);
    expect(lines.some((line) => line.includes(said.trim().slice(-43)))).toBe(false);
  });

  it.each<[what: string, alter: (log: string[]) => void]>([
    [
      'a changed fact',
      (log) =>
        change(
          log,
          (line) => line.includes('"made":1'),
          (line) => line.replace('"made":1', '"made":9'),
        ),
    ],
    [
      'a changed actor',
      (log) =>
        change(
          log,
          (line) => line.includes('agt_1'),
          (line) => line.replace('agt_1', 'agt_2'),
        ),
    ],
    [
      'an entry left out',
      (log) =>
        log.splice(
          log.findIndex((line) => line.includes('"made":1')),
          1,
        ),
    ],
    ['the last entry left out', (log) => log.pop()],
    ['two entries that changed places', (log) => log.splice(-2, 2, log.at(-1) ?? '', log.at(-2) ?? '')],
    [
      'a batch left out',
      (log) =>
        log.splice(
          log.findLastIndex((line) => line.includes('"type":"batch"')),
          1,
        ),
    ],
    [
      'an altered proof',
      (log) =>
        change(
          log,
          (line) => line.includes('"index":3'),
          (line) => line.replace(/"proof":\["[\w-]{4}/, '"proof":["AAAA'),
        ),
    ],
    [
      'a proof with a step too many',
      (log) =>
        change(
          log,
          (line) => line.includes('"index":3'),
          (line) => line.replace('"proof":[', '"proof":["AAAA",'),
        ),
    ],
    ['an entry twice', (log) => log.push(log.at(-1) ?? '')],
    [
      'a batch before its time',
      (log) => {
        const [one = 0, two = 0] = log.flatMap((line, at) => (line.includes('"type":"batch"') ? [at] : [])).slice(-2);
        log.push(...log.splice(one, two - one));
      },
    ],
    ['another log’s erasure', (log) => change(log, (line) => line.includes('"made":1'), eraseElsewhere)],
    ['another log’s removal of a batch', removeElsewhere],
    ['a forged erasure', (log) => change(log, (line) => line.includes('"made":1'), forgeErasure)],
    [
      'a forged signature',
      (log) =>
        change(
          log,
          (line) => line.includes('"type":"batch"'),
          (line) => line.replace(/\.[\w-]{10}/, '.AAAAAAAAAA'),
        ),
    ],
  ])('refuses an export with %s', async (_what, alter) => {
    const log = [...lines];
    alter(log);
    expect(await check(log)).toMatch(/^BROKEN: /);
  });
});

function change(log: string[], takes: (line: string) => boolean, altered: (line: string) => string): void {
  const at = log.findIndex(takes);
  const before = log[at] ?? '';
  log[at] = altered(before);
  expect(log[at]).not.toBe(before);
}

/** What the service signed of another application's entry of the same id. */
function eraseElsewhere(line: string): string {
  const entry = JSON.parse(line);
  const erased = world.ring.signStatement(JSON.stringify({ application: 'app_other', erased: entry.id }));
  return JSON.stringify({ ...entry, entry: null, salt: null, erased });
}

function removeElsewhere(log: string[]): void {
  const at = log.findLastIndex((line) => line.includes('"type":"batch"'));
  const batch = JSON.parse(log[at] ?? '{}');
  const { number } = JSON.parse(Buffer.from(batch.seal.split('.')[1], 'base64url').toString());
  const purged = world.ring.signStatement(JSON.stringify({ application: 'app_other', purged: number }));
  log.splice(at, log.length - at, JSON.stringify({ ...batch, purged }));
}

function forgeErasure(line: string): string {
  const real = lines.find((other) => other.includes('"erased"')) ?? '{}';
  return JSON.stringify({ ...JSON.parse(line), entry: null, salt: null, erased: JSON.parse(real).erased });
}
