import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { codeIn, eventually } from '../support/messages.ts';
import { createKey, killAll, newPlace, type Place, type Server, startServer } from '../support/process.ts';
import { wrongCode } from '../support/world.ts';
import {
  type Call,
  endClaims,
  fileMailroom,
  idOf,
  type Mailroom,
  type Operation,
  operation,
  perform,
  type Person,
  Refused,
  seeded,
  webhookMailroom,
} from './load.ts';

const MUTANT = fileURLToPath(new URL('../support/mutant-server.mjs', import.meta.url));
const SMALL = process.env['WATCHWORD_ROUNDS'] === 'small';
const SEED = Number(process.env['WATCHWORD_SEED'] ?? Date.now() % 1_000_000);
const AT_ONCE = 12;
/** A dead worker's send is taken up again within 20 s. */
const TAKEN_UP_MS = 25_000;

const places: Place[] = [];
const mailrooms: Mailroom[] = [];
afterEach(async () => {
  await killAll();
  for (const mailroom of mailrooms.splice(0)) await mailroom.close();
  for (const place of places.splice(0)) place.remove();
});

interface Setting {
  readonly place: Place;
  readonly key: string;
  readonly mailroom: Mailroom;
  readonly random: () => number;
  readonly people: Person[];
  readonly refused: string[];
  start(): Promise<Server>;
}

async function setting(
  open: (place: Place, random: () => number) => Mailroom | Promise<Mailroom>,
  mutant?: string,
): Promise<Setting> {
  const place = newPlace();
  places.push(place);
  const random = seeded(SEED);
  const mailroom = await open(place, random);
  mailrooms.push(mailroom);
  const env = { ...place.env, WATCHWORD_EMAIL: mailroom.dsn, WATCHWORD_LOG_LEVEL: 'warn' };
  const key = await createKey(place, 'live', env);
  const start = (): Promise<Server> =>
    startServer(mutant === undefined ? { env } : { env, script: MUTANT, words: [mutant] });
  return { place, key, mailroom, random, people: [], refused: [], start };
}

function caller(server: Server, key: string): Call {
  return (method, path, body, idempotencyKey) =>
    server.call(method, path, {
      key,
      ...(body === undefined ? {} : { body }),
      headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
    });
}

/** People come and verify until the process is gone. */
async function load(given: Setting, server: Server): Promise<void> {
  const call = caller(server, given.key);
  let gone = false;
  void server.ended.then(() => (gone = true));
  async function visit(): Promise<void> {
    while (!gone) {
      const person = newPerson(given);
      try {
        await verify(given, person, call, () => gone);
      } catch (error) {
        if (error instanceof Refused) given.refused.push(error.message);
        else return;
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, visit));
}

/** Lets people come for so long, then kills the process and waits until everybody noticed. */
async function killUnderLoad(given: Setting, server: Server, ms: number): Promise<void> {
  const working = load(given, server);
  await new Promise((resolve) => setTimeout(resolve, ms));
  await server.kill('SIGKILL');
  await working;
}

function newPerson({ people }: Setting): Person {
  const to = `person${people.length}@load.example`;
  const start = operation('/v1/verifications', { to, reference: to }, `start-${people.length}`);
  const person: Person = { to, start, code: null, wrong: [], right: [] };
  people.push(person);
  return person;
}

async function verify(given: Setting, person: Person, call: Call, isGone: () => boolean): Promise<void> {
  await perform(call, person.start);
  person.code = await arrived(given.mailroom, person, isGone);
  const path = `/v1/verifications/${idOf(person)}/checks`;
  if (given.random() < 0.5) {
    person.wrong.push(operation(path, { code: wrongCode(person.code) }, `wrong-${person.to}`));
    await Promise.all(person.wrong.map((wrong) => perform(call, wrong)));
  }
  for (const turn of [1, 2])
    person.right.push(operation(path, { code: person.code, receipt: true }, `right-${turn}-${person.to}`));
  const done = await Promise.allSettled(person.right.map((right) => perform(call, right)));
  const failed = done.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function arrived(mailroom: Mailroom, { to }: Person, isGone: () => boolean): Promise<string> {
  const message = await eventually(
    () => mailroom.messagesTo(to)[0] ?? (isGone() ? 'gone' : null),
    TAKEN_UP_MS,
    'the message',
  );
  if (message === 'gone') throw new Error('the process is gone');
  return codeIn(message.text);
}

/** Repeats every request that was sent, answered or in doubt, with its idempotency key. */
async function repeatAll(given: Setting, people: readonly Person[], call: Call): Promise<void> {
  const repeat = async ({ start, wrong, right }: Person): Promise<void> => {
    for (const what of [start, ...wrong, ...right]) {
      if (!what.sent) continue;
      await perform(call, what).catch((error: unknown) => given.refused.push(String(error)));
    }
  };
  for (let from = 0; from < people.length; from += AT_ONCE)
    await Promise.all(people.slice(from, from + AT_ONCE).map(repeat));
}

/** What the promises are about, counted. */
interface Report {
  readonly people: number;
  readonly acknowledged: number;
  readonly inDoubt: number;
  readonly resent: number;
  missing: number;
  repeatedDifferently: number;
  unsent: number;
  sentTooOften: number;
  otherCode: number;
  approvedTwice: number;
  approvalLost: number;
  wronglyCounted: number;
  readonly refused: readonly string[];
}

const NOTHING_BROKEN = {
  missing: 0,
  repeatedDifferently: 0,
  unsent: 0,
  sentTooOften: 0,
  otherCode: 0,
  approvedTwice: 0,
  approvalLost: 0,
  wronglyCounted: 0,
  refused: [],
};

/** Kills the process at a random point, again and again, and looks at what it left behind. */
async function crash(given: Setting, cycles: number): Promise<Report> {
  let inDoubt = 0;
  let seen = 0;
  const acknowledged = new Set<Person>();
  for (let cycle = 0; cycle < cycles; cycle++) {
    const server = await given.start();
    const before = given.people.slice(seen);
    await repeatAll(given, before, caller(server, given.key));
    seen += before.length;
    await killUnderLoad(given, server, 40 + given.random() * 400);
    const met = given.people.slice(seen);
    for (const person of met) if (person.start.answers.length > 0) acknowledged.add(person);
    inDoubt += met
      .flatMap(({ start, wrong, right }) => [start, ...wrong, ...right])
      .filter(({ sent, answers }) => sent && answers.length === 0).length;
    await endClaims(given.place.database);
  }
  const server = await given.start();
  const call = caller(server, given.key);
  await repeatAll(given, given.people.slice(seen), call);
  return inspect(given, call, { acknowledged, inDoubt });
}

async function inspect(
  given: Setting,
  call: Call,
  { acknowledged, inDoubt }: { readonly acknowledged: ReadonlySet<Person>; readonly inDoubt: number },
): Promise<Report> {
  const { people, mailroom, refused } = given;
  const report: Report = {
    people: people.length,
    acknowledged: acknowledged.size,
    inDoubt,
    resent: 0,
    ...NOTHING_BROKEN,
    refused,
  };
  let resent = 0;
  const look = async (person: Person): Promise<void> => {
    const record = await call('GET', `/v1/verifications/${idOf(person)}`);
    if (record.status !== 200) {
      report.missing += 1;
      return;
    }
    await lookAtMessages(person, call, mailroom, report);
    if (mailroom.messagesTo(person.to).length > 1) resent += 1;
    await lookAtVerdict(person, call, report);
  };
  for (let from = 0; from < people.length; from += AT_ONCE)
    await Promise.all(people.slice(from, from + AT_ONCE).map(look));
  return { ...report, resent };
}

/** Its message went out once or twice, with one code, unless the send says that it failed. */
async function lookAtMessages(person: Person, call: Call, mailroom: Mailroom, report: Report): Promise<void> {
  const settled = await eventually(
    async () => {
      const sends = (await call('GET', `/v1/verifications/${idOf(person)}/sends`)).body['data'] as { status: string }[];
      return sends.some(({ status }) => status === 'queued') ? null : sends;
    },
    TAKEN_UP_MS,
    'the delivery',
  ).catch(() => []);
  const messages = mailroom.messagesTo(person.to);
  const failed = settled.some(({ status }) => status === 'failed');
  if (messages.length === 0 && !failed) report.unsent += 1;
  if (messages.length > 2) report.sentTooOften += 1;
  if (new Set(messages.map(({ text }) => codeIn(text))).size > 1) report.otherCode += 1;
}

/** One of the right submits was approved, for good; every answer stayed the first one. */
async function lookAtVerdict(person: Person, call: Call, report: Report): Promise<void> {
  const operations = [person.start, ...person.wrong, ...person.right].filter(({ sent }) => sent);
  if (operations.some(({ answers }) => new Set(answers).size > 1)) report.repeatedDifferently += 1;
  const results = person.right
    .filter(({ sent }) => sent)
    .map(({ answers }) => (JSON.parse(answers[0] ?? '{}') as { result?: string }).result);
  if (results.filter((result) => result === 'approved').length > 1) report.approvedTwice += 1;
  const { body } = await call('GET', `/v1/verifications/${idOf(person)}`);
  if (results.length === 0) return;
  if (body['status'] !== 'approved' || !results.includes('approved')) report.approvalLost += 1;
  if (body['checks'] !== person.wrong.length + 1) report.wronglyCounted += 1;
  const again = await call(
    'POST',
    `/v1/verifications/${idOf(person)}/checks`,
    { code: person.code },
    `again-${person.to}`,
  );
  if (again.body['result'] !== 'closed') report.approvedTwice += 1;
}

function tell(name: string, cycles: number, report: Report): void {
  const { refused, ...counts } = report;
  process.stdout.write(`${name}: ${cycles} kills, seed ${SEED}: ${JSON.stringify(counts)}\n`);
  if (refused.length > 0) process.stdout.write(`refused: ${refused.slice(0, 5).join('\n')}\n`);
}

describe('kill -9 under load', () => {
  it('loses no acknowledged start, sends once or twice, and approves once (messages to a file)', async () => {
    const cycles = SMALL ? 3 : 10;
    const report = await crash(await setting((place) => fileMailroom(place.path('mail.jsonl'))), cycles);
    tell('file', cycles, report);
    expect(report, `WATCHWORD_SEED=${SEED}`).toMatchObject(NOTHING_BROKEN);
    expect(report.acknowledged).toBeGreaterThan(cycles);
    expect(report.inDoubt).toBeGreaterThan(0);
  }, 300_000);

  it('loses no acknowledged start, sends once or twice, and approves once (messages to a webhook)', async () => {
    const cycles = SMALL ? 2 : 4;
    const report = await crash(await setting((_place, random) => webhookMailroom(random)), cycles);
    tell('webhook', cycles, report);
    expect(report, `WATCHWORD_SEED=${SEED}`).toMatchObject(NOTHING_BROKEN);
    expect(report.acknowledged).toBeGreaterThan(cycles);
  }, 300_000);

  it('would show a service that answers a start before it is durable', async () => {
    const given = await setting((place) => fileMailroom(place.path('mail.jsonl')), 'answers-before-commit');
    const server = await given.start();
    const working = load(given, server);
    const answered = (): Person[] => given.people.filter(({ start }) => start.answers.length > 0);
    await eventually(() => (answered().length > 0 ? true : null), 30_000, 'an answer');
    await server.kill('SIGKILL');
    await working;
    const acknowledged = answered();
    const revived = await given.start();
    const found = await Promise.all(
      acknowledged.map((person) => caller(revived, given.key)('GET', `/v1/verifications/${idOf(person)}`)),
    );
    expect(found.filter(({ status }) => status === 404).length).toBeGreaterThan(0);
  }, 120_000);

  it('would show a service that forgets to compare the version', async () => {
    const given = await setting((place) => fileMailroom(place.path('mail.jsonl')), 'without-compare-and-swap');
    const server = await given.start();
    const working = load(given, server);
    const isApproved = ({ answers: [answer = ''] }: Operation): boolean => answer.startsWith('{"result":"approved"');
    await eventually(
      () => (given.people.some(({ right }) => right.filter(isApproved).length > 1) ? true : null),
      30_000,
      'a second approval',
    );
    await server.kill('SIGKILL');
    await working;
    expect(given.people.filter(({ right }) => right.filter(isApproved).length > 1).length).toBeGreaterThan(0);
  }, 120_000);
});
