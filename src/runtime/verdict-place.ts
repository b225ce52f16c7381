import type { Settings } from '../config/index.ts';
import { idTime } from '../core/id.ts';
import type { Environment } from '../ports/environment.ts';
import type { StoredDocument } from '../ports/documents.ts';
import type { Database } from './open-store.ts';

type Place = 'sql' | 'redis';

/** Pending codes that were begun where verdicts were kept before `WATCHWORD_STORE` changed. */
export interface LeftBehind {
  readonly from: Place;
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
  /** When the last of them ends, epoch ms. */
  readonly until: number;
}

const [KIND, ID] = ['store', 'verdicts'];
/** Later than the end of any code. */
const FAR = Number.MAX_SAFE_INTEGER;
const MOST_COUNTED = 10_000;
/** No code lives longer: 24 h, and as long again for one that a resend made. */
const LONGEST_LIFE_MS = 2 * 86_400_000;

/**
 * Tells the log of codes that were left behind when `WATCHWORD_STORE` changed, and writes down where verdicts are now. For processes
 * that stay; one that cannot look starts all the same.
 */
export async function noteVerdictPlace(settings: Settings, database: Database, env: Environment): Promise<void> {
  try {
    const written = await readPlace(database);
    const left = await leftBehind(settings, database, written);
    if (left !== null) env.log({ event: 'store.codes_left_behind', level: 'warn', ...factsOf(left) });
    await writePlace(placeOf(settings), database, written);
  } catch {
    env.log({ event: 'store.codes_left_behind', level: 'warn', warning: 'it could not be seen whether there are any' });
  }
}

/** What was left behind and is still pending, by the records; null when that is nothing. Changes nothing. */
export async function codesLeftBehind(settings: Settings, database: Database): Promise<LeftBehind | null> {
  return leftBehind(settings, database, await readPlace(database));
}

async function leftBehind(
  settings: Settings,
  { verifications }: Database,
  written: Written,
): Promise<LeftBehind | null> {
  const now = await verifications.time();
  const isMoved = written.place !== placeOf(settings);
  if (!isMoved && now - written.since > LONGEST_LIFE_MS) return null;
  const since = isMoved ? now : written.since;
  const [over, all] = await Promise.all([verifications.due(now, MOST_COUNTED), verifications.due(FAR, MOST_COUNTED)]);
  const ended = new Set(over);
  const left = all.filter((id) => !ended.has(id) && idTime(id) < since);
  const { record } = await verifications.get(left.at(-1) ?? '');
  if (record === null) return null;
  const from = placeOf(settings) === 'sql' ? 'redis' : 'sql';
  return { from, count: left.length, more: all.length === MOST_COUNTED, until: record.dueAt ?? record.expiresAt };
}

/** What was found and the cure, as doctor and the log say it. */
export function wordsOf({ from, count, more, until }: LeftBehind): { readonly detail: string; readonly cure: string } {
  const codes = `${more ? 'at least ' : ''}${count} pending ${count === 1 ? 'code was' : 'codes were'} begun under WATCHWORD_STORE=${from}`;
  const end = new Date(until).toISOString();
  if (from === 'sql') {
    return {
      detail: `${codes}; a check answers 503 until the last ends at ${end}`,
      cure: 'Set WATCHWORD_STORE=sql until then, or let people start anew; watchword void ends every pending code at once.',
    };
  }
  return {
    detail: `${codes}, the last until ${end}; what Redis had not handed over is not known here: a used code may count again`,
    cure: 'Set WATCHWORD_STORE=redis until doctor says that nothing waits, or run: watchword void',
  };
}

function factsOf(left: LeftBehind): Readonly<Record<string, string | number>> {
  const { detail, cure } = wordsOf(left);
  return { pending: left.count, until: new Date(left.until).toISOString(), warning: detail, cure };
}

function placeOf({ redis }: Pick<Settings, 'redis'>): Place {
  return redis?.use === 'verdicts' ? 'redis' : 'sql';
}

interface Written {
  readonly place: Place;
  /** Epoch ms; 0 = always. */
  readonly since: number;
  readonly document: StoredDocument | null;
}

async function readPlace({ documents }: Database): Promise<Written> {
  const document = await documents.get(KIND, ID);
  if (document === null) return { place: 'sql', since: 0, document };
  const { place, since } = JSON.parse(document.body) as Omit<Written, 'document'>;
  return { place, since, document };
}

/** Nothing is written as long as verdicts never were elsewhere. When two do it at once, either has it right. */
async function writePlace(place: Place, database: Database, written: Written): Promise<void> {
  if (written.place === place) return;
  const since = await database.verifications.time();
  await database.documents.put({
    kind: KIND,
    id: ID,
    application: '',
    index: null,
    version: (written.document?.version ?? 0) + 1,
    body: JSON.stringify({ place, since }),
    createdAt: written.document?.createdAt ?? since,
    dueAt: null,
    endsAt: null,
  });
}
