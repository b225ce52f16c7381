import { isId } from '../../core/id.ts';
import { ID_BYTES, idDigit, writeIdBytes } from './id-bytes.ts';
import { shortName, smallHash } from './hash.ts';

/** How many shards there are; each is a hash tag, so that a cluster spreads them over its nodes. */
export const SHARD_COUNT = 64;

/** All shards, `00` to `3f`. */
export const SHARDS: readonly string[] = Array.from({ length: SHARD_COUNT }, (_, at) => tagOf(at));

/** Names of all keys. Everything of one verification has one tag, everything of one counter another. */
export class Keys {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** The record of a verification: its short fields. */
  record(id: string): Buffer {
    return this.#ofVerification('v', id);
  }

  /** Its long fields, and its sends that still wait. */
  long(id: string): Buffer {
    return this.#ofVerification('l', id);
  }

  stream(shard: string): string {
    return `${this.prefix}{${shard}}e`;
  }

  /** Sends by the time they are due. */
  due(shard: string): string {
    return `${this.prefix}{${shard}}q`;
  }

  /** The answer of an idempotent request, in the slot of the verification it is about. */
  answer(shard: string, key: string): string {
    return `${this.prefix}{${shard}}a${shortName(key)}`;
  }

  /** Which verification a send belongs to. */
  sendOwner(sendId: string): string {
    return `${this.prefix}{${shardOf(sendId)}}o${sendId}`;
  }

  subject(subject: string): string {
    return `${this.prefix}{${shortName(subject)}}u`;
  }

  idempotency(key: string): string {
    return `${this.prefix}{${shortName(key)}}i`;
  }

  /**
   * The tag shared by everything that is counted for a destination, or a counter of its own. 54 bits, so that the whole name fits into the
   * smallest piece of memory that a server gives out: names that meet count too much, never too little.
   */
  counter(kind: 'sends' | 'failures' | 'count' | 'devices', name: string): string {
    return `${this.prefix}{${shortName(name).slice(0, COUNTER_NAME)}}${COUNTER_LETTERS[kind]}`;
  }

  /** What records have in common: applications, purposes, policies, written once each. */
  frames(): string {
    return `${this.prefix}{t}f`;
  }

  /** The last known answer of the database to one question about settings. */
  remembered(question: string): string {
    return `${this.prefix}{${shortName(question)}}s`;
  }

  /** Verifications of an application whose erasure has begun. */
  erasing(application: string): string {
    return `${this.prefix}{${shortName(application)}}x`;
  }

  /** Counts the processes that ever read the streams. */
  readers(): string {
    return `${this.prefix}{t}n`;
  }

  #ofVerification(letter: string, id: string): Buffer {
    const head = `${this.prefix}{${shardOf(id)}}${letter}`;
    // An id of another shape (a look-up of anything at all) gets a name that no id of ours can have.
    if (!isId('vrf', id)) return Buffer.from(`${head}:${id}`);
    const key = Buffer.allocUnsafe(head.length + ID_BYTES);
    writeIdBytes(key, key.write(head, 0, 'latin1'), id);
    return key;
  }
}

const COUNTER_NAME = 9;
const COUNTER_LETTERS = { sends: 's', failures: 'f', count: 'c', devices: 'd' } as const;

/** The shard of an id: by its last random characters, so that ids of one moment spread. */
export function shardOf(id: string): string {
  return SHARDS[/^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{30}$/.test(id) ? idDigit(id) : smallHash(id)] ?? '';
}

function tagOf(shard: number): string {
  return shard.toString(16).padStart(2, '0');
}
