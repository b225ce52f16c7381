import type { Composition } from '../compose.ts';
import type { Settings } from '../config/index.ts';
import { WatchwordError } from '../core/errors.ts';
import type { VerificationEvent } from '../core/events.ts';
import { newId } from '../core/id.ts';
import { atRest, cancel, endReuse, expire, type Step } from '../core/machine/index.ts';
import type { Verification } from '../core/verification.ts';
import type { Environment } from '../ports/environment.ts';
import type { Store } from '../ports/store.ts';
import { NO_CHANGES } from '../ports/verification-store.ts';
import { noteVerdicts } from '../service/audit/index.ts';
import { storeWith } from '../service/index.ts';
import { createSubscriptions } from '../service/webhooks/index.ts';
import type { Given } from './command.ts';
import { EXITS } from './exit.ts';
import { noteForAll } from './note-for-all.ts';
import { commandEnvironment, loadSettings, withService } from './open.ts';
import type { Output } from './output.ts';

const BATCH = 100;
const MOST = 1_000_000;
/** Later than the end of any code: everything that still holds one is due. */
const FAR = Number.MAX_SAFE_INTEGER;

/**
 * Takes every code out of force, whoever it belongs to. After a backup was restored the guesses and approvals since then are
 * forgotten: a code that was used up would count again.
 */
export async function voidCodes({ switches }: Given, output: Output): Promise<number> {
  const env = commandEnvironment(output);
  const settings = loadSettings();
  const isDry = switches.has('dry-run');
  const isElsewhere = settings.redis?.use === 'verdicts';
  const first = isElsewhere && !isDry ? await voidInRedis(output, env, settings) : 0;
  // What Redis does not have, the records still do: after a restore that is everything.
  return await withService(
    output,
    async (composition: Composition) => {
      const { store, service } = composition;
      const open = (await store.verifications.due(FAR, MOST)).length;
      if (isDry) {
        output.result({ dry_run: true, would_void: open }, [`DRY RUN: would take ${codes(open)} out of force.`]);
        return EXITS.ok.code;
      }
      const voided = first + (await voidAll(toldStore(composition, env), env, output));
      if (voided > 0) await noteForAll(service, 'verifications.voided', { voided });
      output.result({ dry_run: false, voided }, [
        voided === 0 ? 'No code was in force.' : `${codes(voided)} taken out of force.`,
      ]);
      return EXITS.ok.code;
    },
    { env, settings: { ...settings, redis: null } },
  );
}

/** Ends what Redis holds, and has it recorded; what it lost is the database's to end. */
async function voidInRedis(output: Output, env: Environment, settings: Settings): Promise<number> {
  const work = async (composition: Composition): Promise<number> => {
    const store = toldStore(composition, env);
    const ids = await store.verifications.due(FAR, MOST);
    let voided = 0;
    for (let from = 0; from < ids.length; from += BATCH) {
      const outcomes = await Promise.allSettled(ids.slice(from, from + BATCH).map((id) => voidOne(store, env, id)));
      voided += outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
    }
    // A look at what is due brings the records up to date first.
    await store.records.purge(await store.verifications.time(), 1, true);
    return voided;
  };
  return await withService(output, work, { env, settings });
}

/** As in the service, the commit that ends one notes what is evidence and queues what webhooks are told; a worker posts it. */
function toldStore({ store, ring }: Composition, env: Environment): Store {
  const { watch } = createSubscriptions({ store, ring, env, wake: () => undefined });
  return storeWith(store, { verifications: noteVerdicts({ env }, watch(store.verifications)) });
}

async function voidAll(store: Store, env: Environment, output: Output): Promise<number> {
  let voided = 0;
  for (;;) {
    const ids = await store.verifications.due(FAR, BATCH);
    if (ids.length === 0) return voided;
    const done = (await Promise.all(ids.map((id) => voidOne(store, env, id)))).filter(Boolean).length;
    if (done === 0)
      throw new WatchwordError('unavailable', 'The verifications change too fast; stop the service first.');
    voided += done;
    if (voided % (10 * BATCH) === 0) output.say(`${codes(voided)} …`);
  }
}

/** False when somebody else changed it meanwhile: it comes up again. */
async function voidOne(store: Store, env: Environment, id: string): Promise<boolean> {
  const { record, now } = await store.verifications.get(id);
  if (record === null) return false;
  const { next, facts, dropQueued } = stepOf(record, now);
  const events = facts.map(({ type, data }): VerificationEvent => ({
    id: newId('evt', now, env.randomText(20)),
    type,
    data,
    actor: { type: 'system', id: 'command-line' },
    createdAt: now,
  }));
  const changes = { ...NO_CHANGES, events, dropQueued };
  return (await store.verifications.replace(atRest(next), record.version, changes)).type === 'replaced';
}

function stepOf(record: Verification, now: number): Step<unknown> {
  if (record.status !== 'pending') return endReuse(record, Math.max(now, record.expiresAt));
  return now < record.expiresAt ? cancel(record, 'operator', now) : expire(record, now);
}

function codes(count: number): string {
  return count === 1 ? '1 code' : `${count} codes`;
}
