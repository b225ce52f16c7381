import type { ConnectionOptions, Queue, Worker } from 'bullmq';
import { WatchwordError } from '../../core/errors.ts';
import type { LogEvent } from '../../ports/environment.ts';
import type { SendQueue } from '../../ports/send-queue.ts';
import type { RedisAddress } from './address.ts';
import { openDriver, QUEUE_OPTIONS } from './client.ts';
import { unavailable } from './faults.ts';

/** A wake-up: which send, and in how many ms. `name` is the job's own: a send that goes round again gets another one. */
export interface WakeUp {
  readonly name: string;
  readonly sendId: string;
  readonly delayMs: number;
}

/** The queue outside: what the feeder adds, workers consume. */
export interface WakeUps extends SendQueue {
  add(wakeUps: readonly WakeUp[]): Promise<void>;
  close(): Promise<void>;
}

interface QueueOptions {
  readonly address: RedisAddress;
  readonly prefix: string;
  readonly log: (event: LogEvent) => void;
}

const NAME = 'sends';
/** A job whose delivery threw is tried again until the outbox would have offered the send anyway. */
const TRIES = 5;
const BACKOFF_MS = 5_000;
/** The queue tells what happens to its jobs in a stream of up to 10,000 entries that nobody reads. */
const KEPT_EVENTS = 100;

type Driver = Awaited<ReturnType<typeof openDriver>>;

/** Wake-ups in BullMQ. A job carries nothing but the send's id, and is removed once it ran. */
export function createWakeUps({ address, prefix, log }: QueueOptions): WakeUps {
  const drivers: Driver[] = [];
  const tag = `{${prefix}b}`;
  let queue: Promise<Queue<string>> | null = null;
  const connect = async (): Promise<ConnectionOptions> => {
    const driver = await openDriver(address, QUEUE_OPTIONS);
    drivers.push(driver);
    return driver as ConnectionOptions;
  };
  const open = async (): Promise<Queue<string>> => {
    const { Queue: Jobs } = await loadQueue();
    const options = { connection: await connect(), prefix: tag, streams: { events: { maxLen: KEPT_EVENTS } } };
    return new Jobs<string>(NAME, options).on('error', () => undefined);
  };
  return {
    async add(wakeUps) {
      queue ??= open();
      queue.catch(() => (queue = null));
      const jobs = wakeUps.map(({ name, sendId, delayMs }) => ({
        name: NAME,
        data: sendId,
        opts: jobOptions(name, delayMs),
      }));
      try {
        await (await queue).addBulk(jobs);
      } catch (error) {
        throw unavailable(error);
      }
    },
    consume(deliver, atOnce) {
      const worker = startWorker(connect, tag, { deliver, atOnce, log });
      worker.catch((error: unknown) =>
        log({ event: 'queue.failed', level: 'error', detail: unavailable(error).message }),
      );
      // Forced: while Redis is away a polite end waits for ever. What was under way is offered again.
      return { stop: async () => void (await worker.then((running) => running.close(true)).catch(() => undefined)) };
    },
    async close() {
      await (await queue?.catch(() => null))?.close().catch(() => undefined);
      for (const driver of drivers) driver.disconnect();
    },
  };
}

interface Consumer {
  readonly deliver: (sendId: string) => Promise<void>;
  readonly atOnce: number;
  readonly log: (event: LogEvent) => void;
}

async function startWorker(
  connect: () => Promise<ConnectionOptions>,
  prefix: string,
  { deliver, atOnce }: Consumer,
): Promise<Worker<string>> {
  const { Worker: Consuming } = await loadQueue();
  const connection = await connect();
  const run = async ({ data }: { readonly data: string }): Promise<void> => deliver(data);
  return new Consuming<string>(NAME, run, { connection, prefix, concurrency: atOnce }).on('error', () => undefined);
}

function jobOptions(jobId: string, delayMs: number): object {
  const attempts = { attempts: TRIES, backoff: { type: 'fixed', delay: BACKOFF_MS } };
  return { jobId, delay: Math.max(0, delayMs), removeOnComplete: true, removeOnFail: true, ...attempts };
}

async function loadQueue(): Promise<typeof import('bullmq')> {
  try {
    return await import('bullmq');
  } catch (cause) {
    throw new WatchwordError('unavailable', 'The package bullmq is missing. Run "npm install bullmq@6".', { cause });
  }
}
