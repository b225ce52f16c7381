import { readCsv, type CsvRow } from '../../core/csv-read.ts';
import { ok, refuse, type Result } from '../../core/errors.ts';
import type { Caller } from '../api.ts';
import { liveSettingsProblem } from '../live-settings.ts';
import type { ImportPreview, ImportResult, RepresentativeInput } from './api.ts';
import type { Client, PersonFacts, Representative } from './client.ts';
import { insertClient, sameName } from './clients.ts';
import { note, type PeopleDeps } from './deps.ts';
import { clientFacts, personFacts, type ClientFacts } from './facts.ts';
import { insertRepresentative } from './representatives.ts';
import { clientsOf, MOST_CLIENTS, MOST_REPRESENTATIVES, representativesOf } from './stored.ts';

const MOST_LINES = 1000;
/** Stands where a letter of another encoding was. */
const LOST = '\uFFFD';
const COLUMNS = {
  company: ['company', 'client'],
  country: ['country'],
  reference: ['reference', 'account'],
  first_name: ['first name', 'first_name', 'firstname'],
  last_name: ['last name', 'last_name', 'lastname', 'surname'],
  role: ['role'],
  mobile: ['mobile', 'phone'],
  email: ['email', 'e-mail'],
} as const;
type Column = keyof typeof COLUMNS;
const NEEDED = ['company', 'first_name', 'last_name'] as const;

/** A line that could be added. */
interface Ready {
  readonly client: ClientFacts;
  readonly person: PersonFacts;
}

interface Line {
  readonly line: number;
  readonly company: string;
  readonly name: string;
  readonly problem: string | null;
  readonly known: boolean;
  readonly ready: Ready | null;
}

interface Read {
  readonly lines: readonly Line[];
  readonly problem: string | null;
}

export async function previewImport(deps: PeopleDeps, caller: Caller, csv: string): Promise<ImportPreview> {
  const { lines, problem } = await read(deps, caller, csv);
  return { problem, lines: lines.map(({ ready: _ready, ...line }) => line) };
}

export async function importPeople(deps: PeopleDeps, caller: Caller, csv: string): Promise<Result<ImportResult>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred !== null) return refuse(barred);
  const { lines, problem } = await read(deps, caller, csv);
  const bad = lines.find((line) => line.problem !== null);
  if (problem !== null || bad !== undefined) {
    const detail = problem ?? `Line ${bad?.line ?? 0}: ${bad?.problem ?? ''} Nothing was imported.`;
    return refuse({ code: 'invalid_request', detail, errors: [{ pointer: '/csv', code: 'invalid_line', detail }] });
  }
  const clients = [...(await clientsOf(deps, caller.application.id))];
  let added = 0;
  let people = 0;
  for (const { ready, known } of lines) {
    if (ready === null || known) continue;
    let client = clients.find((one) => sameName(one.company, ready.client.company));
    if (client === undefined) {
      client = await insertClient(deps, caller, ready.client);
      clients.push(client);
      added++;
    }
    await insertRepresentative(deps, caller, client, ready.person);
    people++;
  }
  await note(deps, caller, 'people.imported', null, { clients: added, representatives: people });
  return ok({ clients: added, representatives: people });
}

async function read(deps: PeopleDeps, caller: Caller, csv: string): Promise<Read> {
  const rows = readCsv(csv);
  const [first, ...rest] = rows ?? [];
  const head = first?.cells ?? [];
  const problem = fileProblem(rows, head);
  if (problem !== null) return { lines: [], problem };
  const clients = await clientsOf(deps, caller.application.id);
  const people = await representativesOf(deps, caller.application.id);
  const lines: Line[] = [];
  for (const row of rest) lines.push(lineOf(caller, { ...row, head, clients, people, before: lines }));
  return { lines, problem: roomProblem(lines, clients, people) };
}

/** What an application has no room for; null = for all of it. */
function roomProblem(
  lines: readonly Line[],
  clients: readonly Client[],
  people: readonly Representative[],
): string | null {
  const names = new Set([...clients.map(({ company }) => company), ...lines.map(({ company }) => company)].map(fold));
  if (names.size > MOST_CLIENTS) return `An application has at most ${MOST_CLIENTS} clients.`;
  const count = new Map<string, number>();
  const companies = new Map(clients.map(({ id, company }) => [id, company]));
  const all = [
    ...people.map(({ client }) => companies.get(client) ?? ''),
    ...lines.flatMap(({ company, known }) => (known ? [] : company)),
  ];
  for (const company of all) count.set(fold(company), (count.get(fold(company)) ?? 0) + 1);
  const full = lines.find(({ company, known }) => !known && (count.get(fold(company)) ?? 0) > MOST_REPRESENTATIVES);
  return full === undefined
    ? null
    : `A client has at most ${MOST_REPRESENTATIVES} representatives; with this file “${full.company}” has ${count.get(fold(full.company)) ?? 0}.`;
}

function fileProblem(rows: readonly CsvRow[] | null, head: readonly string[]): string | null {
  if (rows === null) return 'A quote is not closed.';
  const missing = NEEDED.filter((column) => at(head, column) === -1);
  if (missing.length > 0) {
    return `The first line names the columns. Missing: ${missing.map((one) => one.replace('_', ' ')).join(', ')}.`;
  }
  if (rows.length === 1) return 'There is nobody below the first line.';
  return rows.length - 1 > MOST_LINES ? `A file has at most ${MOST_LINES} people. Split it.` : null;
}

function at(head: readonly string[], column: Column): number {
  const names: readonly string[] = COLUMNS[column];
  return head.findIndex((name) => names.includes(name.trim().toLowerCase()));
}

interface Around extends CsvRow {
  readonly head: readonly string[];
  readonly clients: readonly Client[];
  readonly people: readonly Representative[];
  readonly before: readonly Line[];
}

function lineOf(caller: Caller, { line, head, cells, clients, people, before }: Around): Line {
  const cell = (column: Column): string => cells[at(head, column)] ?? '';
  const company = cell('company');
  const person: RepresentativeInput = {
    first_name: cell('first_name'),
    last_name: cell('last_name'),
    role: cell('role'),
    country: cell('country'),
    mobile: cell('mobile'),
    email: cell('email'),
  };
  const common = { line, company, name: `${person.first_name} ${person.last_name}`.trim() };
  const failed = (problem: string): Line => ({ ...common, problem, known: false, ready: null });
  if (cells.some((one) => one.includes(LOST))) return failed('Letters were lost (\uFFFD). Save the file as UTF-8.');
  if (cells.length > head.length) return failed('The line has more cells than the first one.');
  const client = clientFacts({ company, country: cell('country'), reference: cell('reference') }, null);
  if (!client.ok) return failed(client.problem.detail);
  const facts = personFacts(person, null, caller.application.default_country);
  if (!facts.ok) return failed(facts.problem.detail);
  const same = before.find(
    (one) => one.ready !== null && sameName(one.company, company) && isSame(one.ready.person, facts.value),
  );
  if (same !== undefined) return failed(`The same person as in line ${same.line}.`);
  const home = clients.find((one) => sameName(one.company, company));
  const known = people.some((one) => one.client === home?.id && isSame(one, facts.value));
  return { ...common, problem: null, known, ready: { client: client.value, person: facts.value } };
}

function isSame(one: PersonFacts, other: PersonFacts): boolean {
  return one.mobile === other.mobile && one.email === other.email && fold(one.lastName) === fold(other.lastName);
}

function fold(text: string): string {
  return text.toLowerCase();
}
