import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { openConnection } from '../../src/stores/sqlite/connection.ts';
import type { HttpAnswer } from '../support/client.ts';
import type { Carried } from '../support/messages.ts';

/** Numbers in [0, 1) that the same seed gives again (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Where messages arrive; it outlives every process under test. */
export interface Mailroom {
  readonly dsn: string;
  messagesTo(address: string): readonly Carried[];
  close(): Promise<void>;
}

/** Reads what a `file://` provider appends, as it grows. */
export function fileMailroom(path: string): Mailroom {
  const sorted = sorter();
  let offset = 0;
  let rest = '';
  const readMore = (): void => {
    if (!existsSync(path)) return;
    const file = openSync(path, 'r');
    const buffer = Buffer.alloc(65_536);
    for (
      let count = readSync(file, buffer, 0, buffer.length, offset);
      count > 0;
      count = readSync(file, buffer, 0, buffer.length, offset)
    ) {
      offset += count;
      rest += buffer.toString('utf8', 0, count);
    }
    closeSync(file);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) sorted.add((JSON.parse(line) as { data: Carried }).data);
  };
  return {
    dsn: `file://${path}`,
    messagesTo(address) {
      readMore();
      return sorted.to(address);
    },
    close: async () => undefined,
  };
}

/** A gateway that takes every signed message, some of them slowly. */
export async function webhookMailroom(random: () => number): Promise<Mailroom> {
  const sorted = sorter();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      sorted.add((JSON.parse(Buffer.concat(chunks).toString()) as { data: Carried }).data);
      setTimeout(() => response.writeHead(200).end(), random() * 60);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const secret = `whsec_${Buffer.from('a gateway secret of 32 bytes ...').toString('base64')}`;
  return {
    dsn: `webhook://127.0.0.1:${port}/otp?tls=0&secret=${secret}`,
    messagesTo: sorted.to,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function sorter(): { add(message: Carried): void; to(address: string): readonly Carried[] } {
  const byAddress = new Map<string, Carried[]>();
  return {
    add: (message) => void byAddress.set(message.to, [...(byAddress.get(message.to) ?? []), message]),
    to: (address) => byAddress.get(address) ?? [],
  };
}

/** One request with its idempotency key, and every answer it ever got. */
export interface Operation {
  readonly path: string;
  readonly body: unknown;
  readonly key: string;
  sent: boolean;
  readonly answers: string[];
}

export function operation(path: string, body: unknown, key: string): Operation {
  return { path, body, key, sent: false, answers: [] };
}

/** Somebody who starts, mistypes perhaps, and submits the right code twice at once. */
export interface Person {
  readonly to: string;
  readonly start: Operation;
  code: string | null;
  readonly wrong: Operation[];
  readonly right: Operation[];
}

export function idOf(person: Person): string | null {
  const first = person.start.answers[0];
  return first === undefined ? null : (JSON.parse(first) as { id: string }).id;
}

export type Call = (method: string, path: string, body?: unknown, idempotencyKey?: string) => Promise<HttpAnswer>;

/** Sends a request. An answer that is no success is an error of its own; no answer at all leaves it in doubt. */
export async function perform(call: Call, what: Operation): Promise<void> {
  what.sent = true;
  const answer = await call('POST', what.path, what.body, what.key);
  if (answer.status >= 300) throw new Refused(`${what.path}: ${answer.status} ${answer.text}`);
  what.answers.push(answer.text);
}

/** The service answered, but not as it should. */
export class Refused extends Error {}

/**
 * A minute passes for the claims of a process that is dead: a request cut off by a crash may be repeated once its claim
 * has run out. Only while nothing runs on the file.
 */
export async function endClaims(database: string): Promise<void> {
  const connection = await openConnection(database);
  connection.exec('UPDATE idempotency SET lease_until = 0 WHERE answer IS NULL');
  connection.close();
}
