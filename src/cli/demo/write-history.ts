import type { Actor } from '../../core/verification.ts';
import type { Composition } from '../../compose.ts';
import type { Application } from '../../ports/settings.ts';
import { NO_CHANGES, type Changes } from '../../ports/verification-store.ts';
import { noteDocument } from '../../service/desk/notes.ts';
import { operator } from '../open.ts';
import { DEMO_POLICY, SKIP_NOTES } from './cast.ts';
import { createChance, type Chance } from './chance.ts';
import { DAY_MS, DAYS, history } from './history.ts';
import { Measured } from './measured.ts';
import type { Story } from './story.ts';

/** Records that are written at once. */
const BATCH = 100;
const UNDISTURBED = { round: 0, refused: [], unknown: false, crashes: 0 } as const;

/** Writes thirty days of records as they stand now; nothing of them is queued. Answers how many. */
export async function writeHistory(composition: Composition, application: Application, seed: number): Promise<number> {
  const { store, ring } = composition;
  const chance = createChance(seed);
  const now = await store.verifications.time();
  const measured = new Measured();
  const options = {
    chance,
    ring,
    application,
    policy: DEMO_POLICY,
    agents: await callers(composition, application),
    now,
  };
  let count = 0;
  let batch: Promise<unknown>[] = [];
  for (const story of history(options)) {
    const changes = changesOf(composition, story, chance);
    measured.add(story, changes);
    batch.push(store.verifications.insert(story.record, changes));
    count++;
    if (batch.length < BATCH) continue;
    await Promise.all(batch);
    batch = [];
  }
  await Promise.all(batch);
  await measured.store(store.documents, now);
  // Its days are counted from the first on.
  await store.applications.update({ ...application, createdAt: now - DAYS * DAY_MS });
  return count;
}

async function callers({ service }: Composition, application: Application): Promise<readonly [Actor, ...Actor[]]> {
  const found = await service.staff.agents.list(operator(application), { limit: 100 });
  const people = found.ok ? found.value.data.filter(({ role }) => role === 'agent' || role === 'supervisor') : [];
  const [first, ...rest] = people.map(({ id }): Actor => ({ type: 'agent', id }));
  return first === undefined ? [{ type: 'system', id: null }] : [first, ...rest];
}

function changesOf({ ring }: Composition, { record, events, sends }: Story, chance: Chance): Changes {
  const last = sends.at(-1);
  const note = { actor: record.actor, text: chance.pick(SKIP_NOTES), now: record.closedAt ?? record.createdAt };
  const deps = { ring, env: { randomText: (length: number) => chance.text(length) } };
  return {
    ...NO_CHANGES,
    events,
    sends,
    sendUpdate: last === undefined ? null : { send: last, progress: UNDISTURBED, dueAt: null },
    documents: record.status === 'skipped' ? [noteDocument(deps, record, note)] : [],
  };
}
