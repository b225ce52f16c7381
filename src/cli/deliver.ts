import type { Composition } from '../compose.ts';
import type { SendView, VerificationView } from '../core/views.ts';
import type { Caller } from '../service/index.ts';
import { refusal } from './failure.ts';
import type { Output } from './output.ts';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

/** How the first message of a verification ended; `queued` = nobody took it in a minute. */
export interface Delivery {
  readonly verification: VerificationView;
  readonly send: SendView | null;
  /** A server on the same database carried it, over a provider that this process does not have. */
  readonly elsewhere: boolean;
}

export interface Patience {
  /** Go round again as a worker does, for a minute; else the first round over the providers is the answer. */
  readonly retries: boolean;
}

/** Delivers the sends of a verification in this process, telling every attempt, until one is settled or patience ends. */
export async function deliverNow(
  composition: Composition,
  { caller, id, retries }: Patience & { readonly caller: Caller; readonly id: string },
  output: Output,
): Promise<Delivery> {
  const giveUpAt = Date.now() + (retries ? PATIENCE_MS : 0);
  const told = new Set<string>();
  for (;;) {
    await composition.service.worker.tick();
    const sends = await sendsOf(composition, caller, id);
    for (const line of sends.flatMap(attemptLines)) {
      if (!told.has(line)) output.say(line);
      told.add(line);
    }
    const open = sends.some(({ status }) => status === 'queued');
    if (!open || Date.now() >= giveUpAt) {
      const send = bestOf(sends);
      const elsewhere = send !== null && !(await isOurs(composition, caller, send));
      return { verification: await verificationOf(composition, caller, id), send, elsewhere };
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** True when a provider of this process took the message. */
export function isDelivered({ send, elsewhere }: Delivery): boolean {
  return wentOut(send) && !elsewhere;
}

/** Why it was not delivered, and what to do about it. */
export function whyNot({ send, elsewhere }: Delivery): { readonly reason: string; readonly cure: string } {
  const error = send?.attempts.findLast((attempt) => attempt.error !== null)?.error ?? null;
  if (elsewhere && wentOut(send)) {
    const here = error === null ? 'not tried here' : `failed here: ${error}`;
    return {
      reason: `${here}; a server with other settings works on the same database, and its ${send?.provider} took the message`,
      cure: 'Stop that server, or start it again with these settings.',
    };
  }
  return {
    reason: error ?? send?.error ?? send?.status ?? 'no message was made',
    cure: 'See the provider above and its settings.',
  };
}

function wentOut(send: SendView | null): boolean {
  return send !== null && ['accepted', 'sent', 'delivered'].includes(send.status);
}

async function isOurs({ service }: Composition, caller: Caller, { provider, channel }: SendView): Promise<boolean> {
  const ours = await service.providers.list(caller);
  if (!ours.ok) throw refusal(ours.problem);
  return provider === null || ours.value.data.some((one) => one.name === provider && one.channel === channel);
}

function attemptLines({ channel, attempts }: SendView): string[] {
  return attempts.map(
    ({ provider, at, error }) => `  ${at.slice(11, 19)}  ${channel} via ${provider}: ${error ?? 'accepted'}`,
  );
}

/** The one that went out, else the last one tried. */
function bestOf(sends: readonly SendView[]): SendView | null {
  return sends.find(wentOut) ?? sends[0] ?? null;
}

async function sendsOf({ service }: Composition, caller: Caller, id: string): Promise<readonly SendView[]> {
  const sends = await service.records.sends(caller, id);
  if (!sends.ok) throw refusal(sends.problem);
  return sends.value.data;
}

async function verificationOf({ service }: Composition, caller: Caller, id: string): Promise<VerificationView> {
  const found = await service.verify.get(caller, id);
  if (!found.ok) throw refusal(found.problem);
  return found.value;
}
