import { cancel, expire, sameContext } from '../core/machine/index.ts';
import { subjectKey } from '../core/subject.ts';
import type { ChannelName, StringMap, Verification } from '../core/verification.ts';
import type { Found } from '../ports/verification-store.ts';
import type { Caller } from './api.ts';
import { changesOf, commit, type Decision } from './commit.ts';
import type { ServiceDeps } from './deps.ts';

/** What at most one open verification may be about under `on_open: replace` or `reuse`. */
export interface Subject {
  readonly caller: Caller;
  readonly purpose: string;
  /** Blind indexes of the exact address, newest first. */
  readonly toIndexes: readonly string[];
}

/** Ends the open verification in favour of a newer one; fine when it is closed already. */
export async function replaceOpen(deps: ServiceDeps, open: Verification, caller: Caller): Promise<void> {
  await commit(
    deps,
    () => deps.store.verifications.get(open.id),
    (record, now): Decision<unknown> => {
      const step = now >= record.expiresAt ? expire(record, now) : cancel(record, 'replaced', now);
      return { step, changes: changesOf(deps, step, caller, now) };
    },
  );
}

/** The open verification of a subject, whichever key of the ring named it; `record` is null when there is none. */
export async function findOpen(deps: ServiceDeps, subject: Subject): Promise<Found> {
  let found: Found = { record: null, now: 0 };
  for (const toIndex of subject.toIndexes) {
    const { application, mode } = subject.caller;
    found = await deps.store.verifications.newestOpen(subjectKey(application.id, mode, subject.purpose, toIndex));
    if (found.record !== null) break;
  }
  return found;
}

/** What a start asks for that an open verification may not differ in. */
export interface Wanted {
  readonly context: StringMap | null;
  readonly channels: readonly ChannelName[];
  readonly waits: readonly number[] | null;
}

/** Another context, channel set or pace of it is never reused but replaced. */
export function isReusable(open: Verification, { context, channels, waits }: Wanted): boolean {
  return (
    sameContext(open.context, context) &&
    open.channels.join() === channels.join() &&
    (open.channelWaitSeconds ?? null)?.join() === waits?.join()
  );
}
