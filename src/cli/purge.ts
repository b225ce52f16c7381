import type { Composition } from '../compose.ts';
import type { Verification } from '../core/verification.ts';
import { closedRecords, endRetention } from './closed-records.ts';
import type { Given } from './command.ts';
import { CommandError, EXITS } from './exit.ts';
import { noteForAll } from './note-for-all.ts';
import { withService } from './open.ts';
import { columns, type Output } from './output.ts';

const DAY_MS = 86_400_000;
const BATCH = 500;
const PREVIEW = 10;
const MOST = 1_000_000_000;

/** Deletes records whose retention ended, or with `--days` every record closed longer ago than that. */
export async function purge({ values, switches }: Given, output: Output): Promise<number> {
  const days = daysOf(values['days']);
  return await withService(output, async (composition) => {
    const now = await composition.store.verifications.time();
    const chosen = days === null ? await retentionEnded(composition, now) : closedBefore(now - days * DAY_MS);
    if (switches.has('dry-run')) await preview(composition, chosen, output);
    else await deleteChosen(composition, { chosen, days, now }, output);
    return EXITS.ok.code;
  });
}

/** Which records go, and how people call them. */
interface Chosen {
  readonly takes: (record: Verification) => boolean;
  /** Only records created before can be taken; epoch ms. */
  readonly createdBefore: number;
  readonly name: string;
  /** How many there are, where the store knows without looking at each; else null. */
  readonly total: number | null;
}

async function retentionEnded({ store }: Composition, now: number): Promise<Chosen> {
  return {
    total: await store.records.purge(now, MOST, true),
    takes: ({ closedAt, dueAt }) => closedAt !== null && dueAt !== null && dueAt <= now,
    createdBefore: now,
    name: 'whose retention has ended',
  };
}

function closedBefore(cutoff: number): Chosen {
  const date = new Date(cutoff).toISOString().slice(0, 16).replace('T', ' ');
  return {
    total: null,
    takes: ({ closedAt }) => closedAt !== null && closedAt < cutoff,
    createdBefore: cutoff,
    name: `closed before ${date} UTC`,
  };
}

async function preview(composition: Composition, chosen: Chosen, output: Output): Promise<void> {
  const first: Verification[] = [];
  let found = 0;
  if (chosen.total !== 0) {
    for await (const page of closedRecords(composition.store, chosen.createdBefore)) {
      const taken = page.filter(chosen.takes);
      found += taken.length;
      first.push(...taken.slice(0, PREVIEW - first.length));
      if (chosen.total !== null && first.length === Math.min(PREVIEW, chosen.total)) break;
    }
  }
  const count = chosen.total ?? found;
  const rows = first.map(({ id, status, purpose, to, closedAt }) => [
    `  ${id}`,
    status,
    purpose,
    to.masked,
    new Date(closedAt ?? 0).toISOString(),
  ]);
  const more = count > first.length ? [`  … and ${count - first.length} more`] : [];
  const lines =
    count === 0
      ? [`DRY RUN: there are no records ${chosen.name}.`]
      : [`DRY RUN: would delete ${records(count)} ${chosen.name}:`, ...columns(rows), ...more];
  output.result({ dry_run: true, would_delete: count, first: first.map(({ id }) => id) }, lines);
}

interface Deletion {
  readonly chosen: Chosen;
  readonly days: number | null;
  readonly now: number;
}

async function deleteChosen(
  { store, service }: Composition,
  { chosen, days, now }: Deletion,
  output: Output,
): Promise<void> {
  if (days !== null) {
    for await (const page of closedRecords(store, chosen.createdBefore))
      await endRetention(store, page.filter(chosen.takes), now);
  }
  let deleted = 0;
  for (;;) {
    const gone = await store.records.purge(now, BATCH);
    deleted += gone;
    if (gone < BATCH) break;
    output.say(`Deleted ${deleted} …`);
  }
  if (deleted > 0) await noteForAll(service, 'records.purged', { records: deleted, days });
  output.result({ dry_run: false, deleted }, [
    deleted === 0 ? `There are no records ${chosen.name}.` : `Deleted ${records(deleted)} ${chosen.name}.`,
  ]);
}

function records(count: number): string {
  return count === 1 ? '1 record' : `${count} records`;
}

function daysOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new CommandError('usage', '--days must be a whole number of days.');
}
