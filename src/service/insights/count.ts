import {
  addCells,
  addCounts,
  bucketOf,
  DIMENSIONS,
  type Cell,
  type Dimension,
  type InsightDay,
  NO_CELL,
} from '../../core/insights.ts';
import { STAFF_SIGN_IN } from '../../core/staff.ts';
import type { Send, Verification } from '../../core/verification.ts';
import type { Total } from '../../ports/records.ts';
import type { ServiceDeps } from '../deps.ts';

const DAY_MS = 86_400_000;
/** Few enough that nobody waits for a page. */
const PAGE = 100;
const TOOK: ReadonlySet<Send['status']> = new Set(['accepted', 'sent', 'delivered', 'undelivered']);
const MILLION = 1_000_000;

type Cells = Record<Dimension, Record<string, Cell>>;

/**
 * One UTC day from what is stored: starts, messages and approvals from the daily totals, which know every event of the day, also
 * of records that are gone; what totals do not know (provider, purpose, agent, time, cost) from the records started that day.
 */
export async function countDay(
  deps: Pick<ServiceDeps, 'store' | 'env'>,
  application: string,
  day: string,
): Promise<InsightDay> {
  const totals = await deps.store.records.stats(application, day, day);
  const counted = fromTotals(totals.filter(({ mode }) => mode === 'live'));
  const start = Date.parse(day);
  const now = await deps.store.verifications.time();
  const query = {
    application,
    mode: 'live',
    now,
    createdAfter: start,
    createdBefore: start + DAY_MS,
    exceptPurpose: STAFF_SIGN_IN,
    limit: PAGE,
  } as const;
  let failures: InsightDay['failures'] = {};
  let before: string | undefined;
  do {
    const page = await deps.store.records.search({ ...query, ...(before === undefined ? {} : { before }) });
    const sends = await Promise.all(page.rows.map(({ id }) => deps.store.records.sends(id)));
    for (const [at, record] of page.rows.entries()) {
      if (wasStarted(record)) countRecord(counted, record, sends[at] ?? []);
      const [ended, blocked] = record.status === 'blocked' ? [{}, blockOf(record)] : [failureOf(record), {}];
      failures = addCounts(failures, ended);
      counted.blocks = addCounts(counted.blocks, blocked);
    }
    before = page.hasMore ? page.rows.at(-1)?.id : undefined;
    if (before !== undefined) await deps.env.sleep(1);
  } while (before !== undefined);
  return { day, all: counted.all, by: counted.by, failures, blocks: counted.blocks };
}

interface Counted {
  all: Cell;
  readonly by: Cells;
  blocks: Readonly<Record<string, number>>;
}

const KINDS = { started: 'started', sent: 'sent', delivered: 'delivered', approved: 'approved' } as const;

function fromTotals(totals: readonly Total[]): Counted {
  const by = Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, {}])) as Cells;
  const counted: Counted = { all: NO_CELL, by, blocks: {} };
  for (const { kind, channel, country, count } of totals) {
    const field = Object.values(KINDS).find((known) => known === kind);
    if (field !== undefined) {
      const cell = { ...NO_CELL, [field]: count };
      counted.all = addCells(counted.all, cell);
      add(by.channel, channel, cell);
      add(by.country, country === '' ? '-' : country, cell);
    } else if (kind.startsWith('refused:')) {
      counted.blocks = addCounts(counted.blocks, { [kind.slice('refused:'.length)]: count });
    }
  }
  return counted;
}

function add(cells: Record<string, Cell>, key: string, cell: Cell): void {
  cells[key] = addCells(cells[key] ?? NO_CELL, cell);
}

function countRecord(counted: Counted, record: Verification, sends: readonly Send[]): void {
  const { by } = counted;
  const taken = sends.filter(({ status, provider }) => provider !== null && TOOK.has(status));
  const last = taken.at(-1)?.provider ?? null;
  const own = cellOf(record, taken);
  const beside = { ...NO_CELL, took: own.took, cost: own.cost };
  counted.all = addCells(counted.all, beside);
  add(by.channel, record.channel, beside);
  add(by.country, record.to.country ?? '-', beside);
  add(by.purpose, record.purpose, own);
  if (record.actor.type === 'agent' && record.actor.id !== null) add(by.agent, record.actor.id, own);
  for (const send of taken)
    add(by.provider, send.provider ?? '', { ...NO_CELL, ...messages([send]), cost: costOf([send]) });
  if (last !== null) add(by.provider, last, { ...NO_CELL, started: 1, approved: own.approved, took: own.took });
}

function cellOf(record: Verification, taken: readonly Send[]): Cell {
  const { approvedAt, createdAt } = record;
  const took: number[] = [];
  if (approvedAt !== null) took[bucketOf(approvedAt - createdAt)] = 1;
  return {
    started: 1,
    ...messages(taken),
    approved: approvedAt === null ? 0 : 1,
    took: Array.from(took, (count) => count ?? 0),
    cost: costOf(taken),
  };
}

function messages(sends: readonly Send[]): Pick<Cell, 'sent' | 'delivered'> {
  return { sent: sends.length, delivered: sends.filter(({ status }) => status === 'delivered').length };
}

function costOf(sends: readonly Send[]): Cell['cost'] {
  return sends.reduce<Cell['cost']>((sum, { cost }) => {
    const [amount = '', currency = ''] = (cost ?? '').split(' ');
    return currency === '' ? sum : addCounts(sum, { [currency]: Math.round(Number(amount) * MILLION) });
  }, {});
}

/** What a rule stopped, and what an agent did without from the first, was never to get a code: no event says `started`. */
function wasStarted({ status, sends }: Verification): boolean {
  return status !== 'blocked' && (status !== 'skipped' || sends > 0);
}

function blockOf({ statusReason }: Verification): Readonly<Record<string, number>> {
  return { [statusReason ?? 'rule']: 1 };
}

function failureOf({ status, statusReason }: Verification): Readonly<Record<string, number>> {
  if (status === 'approved' || status === 'pending') return {};
  return { [statusReason === null || statusReason === status ? status : `${status}:${statusReason}`]: 1 };
}
