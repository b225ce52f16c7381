import { afterAll, expect, it } from 'vitest';
import { eventually } from '../support/messages.ts';
import { dieInData, endScenes, scene, sendOf, startOne, type Scene } from './worker-scene.ts';

const KILLS = 30;
/**
 * Leases run out after 15 s: a doomed worker that took up an earlier victim's send as well would kill it twice. Another one is
 * killed only where that can end in this time, however slow this machine is.
 */
const BATCH_MS = 13_000;
const TAKEN_UP_MS = 90_000;
/** A minute and a half on a quiet machine; a busy one fits fewer kills into a batch, and each batch waits for leases. */
const LONGEST_MS = 900_000;
afterAll(endScenes);

interface Person {
  readonly to: string;
  readonly id: string;
}

/** One more person, and a worker that dies when the mail server has taken the message for exactly this one. */
async function killFor(given: Scene, to: string): Promise<Person> {
  const id = await startOne(given, to);
  given.isFatal = (mail) => mail.to === to;
  await dieInData(given);
  return { to, id };
}

/** Kills as many as fit before the first lease ends, then lets a worker that lives finish what they left. */
async function killSome(given: Scene, people: Person[]): Promise<void> {
  const from = Date.now();
  let slowestMs = 0;
  do {
    const begun = Date.now();
    people.push(await killFor(given, `person-${people.length}@example.com`));
    slowestMs = Math.max(slowestMs, Date.now() - begun);
  } while (people.length < KILLS && Date.now() - from + slowestMs < BATCH_MS);
  const living = given.newWorker();
  await eventually(
    async () => {
      const found = await Promise.all(people.map(({ id }) => sendOf(given, id)));
      return found.some(({ status }) => status === 'queued') ? null : found;
    },
    TAKEN_UP_MS,
    'the end of every send',
  );
  await living.kill('SIGTERM');
}

async function isApproved({ server, key }: Scene, { id }: Person, code: string | undefined): Promise<boolean> {
  const { body } = await server.call('POST', `/v1/verifications/${id}/checks`, { key, body: { code } });
  return body['result'] === 'approved';
}

it(
  `F2: ${KILLS} workers killed between the mail server’s acceptance and their commit leave nobody without a code and nothing stuck`,
  async () => {
    const given = await scene();
    const people: Person[] = [];
    while (people.length < KILLS) await killSome(given, people);
    const counts = { kills: people.length, mails: given.mails.length, once: 0, twice: 0, more: 0, otherCode: 0 };
    const ends: Record<string, number> = {};
    for (const person of people) {
      const mails = given.mails.filter(({ to }) => to === person.to);
      counts[mails.length === 1 ? 'once' : mails.length === 2 ? 'twice' : 'more'] += 1;
      if (new Set(mails.map(({ id, code }) => `${id} ${code}`)).size !== 1) counts.otherCode += 1;
      const { status } = await sendOf(given, person.id);
      ends[String(status)] = (ends[String(status)] ?? 0) + 1;
      if (await isApproved(given, person, mails[0]?.code)) ends['approved'] = (ends['approved'] ?? 0) + 1;
    }
    console.log(`killed workers: ${JSON.stringify({ ...counts, ...ends })}`);
    expect(counts).toMatchObject({ kills: KILLS, more: 0, otherCode: 0 });
    expect(counts.once + counts.twice).toBe(KILLS);
    expect(ends).toEqual({ accepted: KILLS, approved: KILLS });
  },
  LONGEST_MS,
);
