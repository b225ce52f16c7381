import type { Caller } from '../api.ts';
import type { LiveService, Onlooker } from './api.ts';
import { loadCase, markOf } from './load-case.ts';
import type { DeskDeps } from './deps.ts';
import { lookAtBoard } from './today.ts';

const LOOK_MS = 1000;
/** Looks between two beats. */
const BEAT_EVERY = 15;
const GONE = 'gone';

type Watcher = Pick<Caller, 'application' | 'mode' | 'actor'>;

interface Topic {
  readonly caller: Watcher;
  readonly id: string | null;
  /** With what each one shows. */
  readonly onlookers: Map<Onlooker, string>;
}

/** One loop looks for all; while nobody watches there is none. A look that fails is made up for by the next. */
export function createLive(deps: DeskDeps): LiveService {
  const topics = new Map<string, Topic>();
  let running: AbortController | null = null;

  async function look(): Promise<void> {
    await Promise.all([...topics.values()].map((topic) => lookAt(deps, topic)));
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (let looks = 1; !signal.aborted; looks++) {
      await deps.env.sleep(LOOK_MS, signal);
      if (signal.aborted) return;
      await look().catch(() => deps.env.log({ event: 'desk.look_failed', level: 'warn' }));
      if (looks % BEAT_EVERY === 0) everyone(topics).forEach((onlooker) => onlooker.beat());
    }
  }

  function start(): void {
    if (running !== null) return;
    running = new AbortController();
    void run(running.signal);
  }

  function stopWhenIdle(): void {
    if (topics.size > 0) return;
    running?.abort();
    running = null;
  }

  return {
    look,
    watch(caller, id, onlooker) {
      const key = `${caller.application.id}|${caller.mode}|${id ?? ''}`;
      const topic = topics.get(key) ?? { caller, id, onlookers: new Map() };
      topics.set(key, topic);
      topic.onlookers.set(onlooker, onlooker.seen);
      start();
      return () => {
        topic.onlookers.delete(onlooker);
        if (topic.onlookers.size === 0 && topics.get(key) === topic) topics.delete(key);
        stopWhenIdle();
      };
    },
    close() {
      for (const onlooker of everyone(topics)) onlooker.over();
    },
  };
}

function everyone(topics: ReadonlyMap<string, Topic>): readonly Onlooker[] {
  return [...topics.values()].flatMap(({ onlookers }) => [...onlookers.keys()]);
}

async function lookAt(deps: DeskDeps, { caller, id, onlookers }: Topic): Promise<void> {
  const mark = await markNow(deps, caller, id);
  for (const [onlooker, seen] of onlookers) {
    if (seen === mark) continue;
    onlookers.set(onlooker, mark);
    onlooker.changed(mark);
  }
}

async function markNow(deps: DeskDeps, caller: Watcher, id: string | null): Promise<string> {
  if (id === null) return lookAtBoard(deps, caller);
  const { record, now } = await loadCase(deps, caller, id);
  return record === null ? GONE : markOf(record, now);
}
