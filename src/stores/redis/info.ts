import { MEMORY_FULL, NOT_SAVED } from './faults.ts';

/** What a server tells of itself (`INFO`). */
export type Info = ReadonlyMap<string, string>;

/** Reads the answer of `INFO`. */
export function infoOf(text: string): Info {
  return new Map(
    text.split(/\r?\n/).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}

/** True for a server that takes writes for itself. */
export function isPrimary(info: Info): boolean {
  return (info.get('role') ?? 'master') === 'master';
}

/** Why a server refuses commits just now, with the cure; null when it takes them. */
export function writesRefused(info: Info): string | null {
  if (info.get('aof_last_write_status') === 'err') return NOT_SAVED;
  const [most, used, uncounted] = ['maxmemory', 'used_memory', 'mem_not_counted_for_evict'].map((name) =>
    Number(info.get(name) ?? 0),
  ) as [number, number, number];
  return most > 0 && used - uncounted > most ? MEMORY_FULL : null;
}
