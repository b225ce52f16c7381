import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, type HttpAnswer, type HttpClient } from '../support/client.ts';
import { carriedIn, codeIn, eventually } from '../support/messages.ts';
import { createKey, killAll, newPlace, type Place, startServer } from '../support/process.ts';
import { wrongCode } from '../support/world.ts';

const MUTANT = fileURLToPath(new URL('../support/mutant-server.mjs', import.meta.url));
const SOCKETS_EACH = 30;

const places: Place[] = [];
const clients: HttpClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await killAll();
  for (const place of places.splice(0)) place.remove();
});

interface Pair {
  readonly place: Place;
  readonly key: string;
  readonly clients: readonly HttpClient[];
}

/** Two processes on one database file, each with many connections to it. */
async function twoProcesses(mutant?: string): Promise<Pair> {
  const place = newPlace();
  places.push(place);
  const key = await createKey(place);
  const options = mutant === undefined ? { env: place.env } : { env: place.env, script: MUTANT, words: [mutant] };
  const servers = [await startServer(options), await startServer(options)];
  const pair = servers.map(({ url }) => createClient(url, SOCKETS_EACH));
  clients.push(...pair);
  return { place, key, clients: pair };
}

async function started({ place, key, clients: [first] }: Pair, to: string): Promise<{ id: string; code: string }> {
  const answer = await first?.call('POST', '/v1/verifications', { key, body: { to } });
  const id = String(answer?.body['id']);
  const message = await eventually(
    () => carriedIn(place.outbox).find((carried) => carried.to === to),
    10_000,
    'the message',
  );
  return { id, code: codeIn(message.text) };
}

/** Submits a code so many times, by turns to both processes. */
async function submit(pair: Pair, id: string, code: string, times: number): Promise<readonly HttpAnswer[]> {
  const call = (turn: number): Promise<HttpAnswer> | undefined =>
    pair.clients[turn % 2]?.call('POST', `/v1/verifications/${id}/checks`, { key: pair.key, body: { code } });
  const answers = await Promise.all(Array.from({ length: times }, (_, turn) => call(turn)));
  return answers.filter((answer) => answer !== undefined);
}

function tally(answers: readonly HttpAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const name = status === 200 ? String(body['result']) : `${status} ${String(body['code'])}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('A1, A10: 500 parallel wrong codes over two processes on one file', () => {
  it('are evaluated max_checks times, and the right code comes too late', async () => {
    const pair = await twoProcesses();
    const sockets = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const { id, code } = await started(pair, `+1415555267${round}`);
      const answers = await submit(pair, id, wrongCode(code), 500);
      answers.forEach(({ socket }, turn) => sockets.add(`${turn % 2}/${socket}`));
      expect(tally(answers)).toEqual({ incorrect: 5, exhausted: 495 });
      expect(tally(await submit(pair, id, code, 2))).toEqual({ exhausted: 2 });
      const record = await pair.clients[1]?.call('GET', `/v1/verifications/${id}`, { key: pair.key });
      expect(record?.body).toMatchObject({ status: 'failed', status_reason: 'max_checks', checks: 5 });
    }
    expect(sockets.size).toBeGreaterThanOrEqual(50);
  });

  it('would show processes that forget to compare the version', async () => {
    const pair = await twoProcesses('without-compare-and-swap');
    let most = 0;
    for (let round = 0; round < 10 && most <= 5; round++) {
      const { id, code } = await started(pair, `+141555526${70 + round}`);
      const { incorrect = 0 } = tally(await submit(pair, id, wrongCode(code), 500));
      most = Math.max(most, incorrect);
    }
    expect(most).toBeGreaterThan(5);
  });
});

describe('A2: 200 parallel right codes over two processes on one file', () => {
  it('are approved once, and every other answer says that it is closed', async () => {
    const pair = await twoProcesses();
    for (let round = 0; round < 20; round++) {
      const { id, code } = await started(pair, `+141555526${70 + round}`);
      expect(tally(await submit(pair, id, code, 200))).toEqual({ approved: 1, closed: 199 });
    }
  });

  it('would show processes that forget to compare the version', async () => {
    const pair = await twoProcesses('without-compare-and-swap');
    let most = 0;
    // A race needs luck to go wrong; one of a few rounds does.
    for (let round = 0; round < 10 && most < 2; round++) {
      const { id, code } = await started(pair, `+141555526${70 + round}`);
      const { approved = 0 } = tally(await submit(pair, id, code, 200));
      most = Math.max(most, approved);
    }
    expect(most).toBeGreaterThan(1);
  });
});
