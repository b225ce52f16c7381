import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelName } from '../core/verification.ts';
import type { Accepted, Channel, Failure, Message } from '../ports/channel.ts';
import { createInboxChannel } from './inbox.ts';
import { failure } from './outcome.ts';

const SLOW_MS = 5_000;

/** What a destination asks for: the last four digits of a number, or a mailbox's name or `+tag`. Any other is accepted. */
const OUTCOMES = {
  rejected: '0001',
  invalid_destination: '0002',
  unavailable: '0003',
  slow: '0004',
} as const;
type Outcome = keyof typeof OUTCOMES;

export interface SandboxTools {
  inbox(message: Message): Promise<void>;
  /** Rejects when `signal` ends it; tests pass their own. */
  wait?(ms: number, signal: AbortSignal): Promise<unknown>;
}

/** Calls nobody: the destination chooses the answer, and what is accepted lies in the development inbox. */
export function createSandboxChannel(kind: ChannelName, tools: SandboxTools): Channel {
  const inbox = createInboxChannel(kind, tools);
  const pause = tools.wait ?? ((ms, signal) => wait(ms, undefined, { signal }));
  return {
    ...inbox,
    name: 'sandbox',
    async send(message, signal): Promise<Accepted | Failure> {
      const outcome = outcomeOf(message.to);
      if (outcome === 'rejected') return failure('rejected', 'final', 'the sandbox was asked to say no');
      if (outcome === 'invalid_destination') return failure(outcome, 'final', 'the sandbox knows no such destination');
      if (outcome === 'unavailable') return failure(outcome, 'retry', 'the sandbox was asked to be away');
      if (outcome === 'slow') {
        try {
          await pause(SLOW_MS, signal);
        } catch {
          return failure('unavailable', 'once', 'the sandbox was not waited for');
        }
      }
      return inbox.send(message, signal);
    },
  };
}

function outcomeOf(to: string): Outcome | null {
  const names = Object.keys(OUTCOMES) as Outcome[];
  const local = to.includes('@') ? to.slice(0, to.lastIndexOf('@')).toLowerCase() : null;
  const asked = (name: Outcome): boolean =>
    local === null ? to.endsWith(OUTCOMES[name]) : local === name || local.endsWith(`+${name}`);
  return names.find(asked) ?? null;
}
