import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DatabaseLocation, SETTINGS } from '../config/index.ts';
import { WatchwordError } from '../core/errors.ts';
import type { Environment } from '../ports/environment.ts';
import { type Database, openDatabase } from '../runtime/open-store.ts';
import { placeName } from '../runtime/place-name.ts';
import {
  compareAll,
  copyAll,
  nameOfDatabase,
  openTransferSource,
  openTransferTarget,
  type TableVerdict,
} from '../runtime/transfer.ts';
import type { TransferSource, TransferTarget } from '../ports/transfer.ts';
import type { Given } from './command.ts';
import { CommandError, EXITS } from './exit.ts';
import { commandEnvironment, loadSettings } from './open.ts';
import { columns, type Output } from './output.ts';

const STEP = 10_000;

/** Copies everything from one database into another, empty one and compares them row by row. Exit code 1 when they differ. */
export async function transfer({ values }: Given, output: Output): Promise<number> {
  const from = locationOf('from', values['from']);
  const to = locationOf('to', values['to']);
  if (isSame(from, to)) throw new CommandError('usage', '--from and --to name the same database.');
  await readySchema(from, optionName('from', values), output);
  await makeSchema(to, optionName('to', values), output);
  const source = await openTransferSource(from);
  const target = await openTransferTarget(to);
  try {
    await begin(source, target, to, output);
    await copyAll(source, target, (table, rows) => {
      if (rows % STEP === 0) output.say(`  ${table}: ${rows} rows so far`);
    });
    return report(await compareAll(source, target), output);
  } finally {
    await source.close();
    await target.close();
  }
}

/** The option, else `DATABASE_URL`: a password on the command line can be seen by other users of the machine. */
function locationOf(option: 'from' | 'to', text: string | undefined): DatabaseLocation {
  if (text === undefined) return loadSettings().database;
  const parsed = SETTINGS.databaseUrl.parse(text);
  if (!parsed.ok) throw new CommandError('usage', `--${option} ${parsed.problem}.`);
  return parsed.value;
}

function isSame(from: DatabaseLocation, to: DatabaseLocation): boolean {
  if (from.kind === 'sqlite' || to.kind === 'sqlite')
    return from.kind === 'sqlite' && to.kind === 'sqlite' && resolve(from.path) === resolve(to.path);
  return from.url.reveal() === to.url.reveal();
}

function optionName(option: 'from' | 'to', values: Given['values']): string {
  return values[option] === undefined ? 'DATABASE_URL' : `--${option}`;
}

async function readySchema(from: DatabaseLocation, name: string, output: Output): Promise<void> {
  if (from.kind === 'sqlite' && !existsSync(from.path))
    throw new CommandError('usage', `${name}: there is no file ${from.path}.`);
  const source = await openNamed(name, from, commandEnvironment(output));
  const pending = await source.migrations.pending().finally(() => source.close());
  if (pending.length > 0) {
    const cure = 'Check --from; an older database is brought up to date by: watchword migrate';
    throw new CommandError('config', `The source lacks ${pending.join(', ')}.`, { cure });
  }
}

async function makeSchema(to: DatabaseLocation, name: string, output: Output): Promise<void> {
  const target = await openNamed(name, to, commandEnvironment(output));
  await target.migrations.migrate().finally(() => target.close());
}

/** Stores speak of `DATABASE_URL`: here it is what the option says. */
async function openNamed(name: string, database: DatabaseLocation, env: Environment): Promise<Database> {
  try {
    return await openDatabase({ database }, env);
  } catch (error) {
    if (!(error instanceof WatchwordError)) throw error;
    throw new WatchwordError(error.code, error.message.replaceAll('DATABASE_URL', name), { cause: error });
  }
}

async function begin(
  source: TransferSource,
  target: TransferTarget,
  to: DatabaseLocation,
  output: Output,
): Promise<void> {
  const state = await target.begin(await nameOfDatabase(source));
  if (state === 'occupied') {
    const cure =
      'Name an empty database. A copy that was interrupted goes on when it is started again with the same two.';
    throw new CommandError('failed', `${placeName(to)} is not empty.`, { cure });
  }
  output.say(state === 'resumed' ? 'Going on with the copy that was begun.' : `Copying into ${placeName(to)}.`);
}

function report(verdicts: readonly TableVerdict[], output: Output): number {
  const equal = verdicts.every(({ different }) => different === 0);
  const lines = verdicts.map(({ table, rows, different, digest }) => [
    `  ${table}`,
    `${rows} rows`,
    digest,
    different === 0 ? 'equal' : `${different} DIFFERENT`,
  ]);
  const end = equal
    ? 'Every row was read back and is equal. Start the service with the new DATABASE_URL and the same WATCHWORD_SECRET.'
    : 'The databases differ. Stop everything that uses either of them and start the copy again, into an empty one if it stays so.';
  output.result({ equal, tables: verdicts }, [...columns(lines), end]);
  return equal ? EXITS.ok.code : EXITS.failed.code;
}
