import {
  cancel,
  check,
  expire,
  resend,
  sendAccepted,
  sendFailed,
  sendReported,
  skip,
  start,
  startClosed,
  type StartFields,
  type Step,
} from '../../core/machine/index.ts';
import { newId } from '../../core/id.ts';
import type { VerificationEvent } from '../../core/events.ts';
import { SYSTEM, type Actor, type Send, type Verification } from '../../core/verification.ts';
import type { Chance } from './chance.ts';

/** A verification as it went, from its start to where it stands. */
export interface Story {
  readonly record: Verification;
  readonly events: readonly VerificationEvent[];
  readonly sends: readonly Send[];
}

/** How a verification goes. */
export type Plot =
  | 'approved'
  | 'resent'
  | 'fumbled'
  | 'exhausted'
  | 'expired'
  | 'undelivered'
  | 'failed'
  | 'canceled'
  | 'skipped'
  | 'blocked'
  | 'pending';

const PRICES: Readonly<Record<string, string>> = { sms: '0.0380 USD', email: '0.0004 USD', voice: '0.0520 USD' };
const PROVIDERS: Readonly<Record<string, string>> = { sms: 'southern-cross', email: 'harbour-mail', voice: 'dialtone' };

/** Tells one verification by the same steps that real ones take, each at its own time. */
export class Teller {
  readonly #chance: Chance;
  readonly #agent: Actor;
  #record: Verification;
  #now: number;
  readonly #events: VerificationEvent[] = [];
  readonly #sends: Send[] = [];

  constructor(chance: Chance, fields: StartFields, now: number) {
    this.#chance = chance;
    this.#agent = fields.actor;
    this.#now = now;
    this.#record = this.#take(start(fields, now), fields.actor);
  }

  /** A start that a rule stopped: nothing was sent. */
  static blocked(chance: Chance, fields: StartFields, now: number): Story {
    const step = startClosed(fields, { status: 'blocked', reason: 'rule:block_list', data: {} }, now);
    const events = step.facts.map((fact) => ({
      ...fact,
      id: newId('evt', now, chance.text(20)),
      actor: fields.actor,
      createdAt: now,
    }));
    return { record: step.next, events, sends: [] };
  }

  /** Goes on to how the plot ends. */
  tell(plot: Exclude<Plot, 'blocked'>): Story {
    if (plot === 'failed') this.#nobodyTakesIt();
    else this.#deliver(plot !== 'undelivered');
    this.#act(plot);
    return { record: { ...this.#record, version: 1 }, events: this.#events, sends: this.#sends };
  }

  #act(plot: Exclude<Plot, 'blocked'>): void {
    const seconds = this.#chance.between(14, 75);
    if (plot === 'resent') {
      this.#wait(this.#chance.between(35, 60));
      this.#take(resend(this.#record, { channel: this.#record.channel, newCode: null }, this.#now), this.#agent);
      this.#deliver(true);
    }
    if (plot === 'fumbled') this.#try(false, seconds);
    if (plot === 'exhausted') for (let at = 0; at < this.#record.policy.max_checks; at++) this.#try(false, 20);
    if (['approved', 'resent', 'fumbled'].includes(plot)) this.#try(true, seconds);
    if (plot === 'canceled') this.#later(seconds, (now) => cancel(this.#record, 'operator', now), this.#agent);
    if (plot === 'skipped')
      this.#later(
        seconds,
        (now) => skip(this.#record, { cause: 'in_store', confirmation: 'photo_identity' }, now),
        this.#agent,
      );
    if (plot === 'expired' || plot === 'undelivered') {
      this.#now = this.#record.expiresAt;
      this.#take(expire(this.#record, this.#now), SYSTEM);
    }
  }

  #try(matches: boolean, seconds: number): void {
    this.#later(seconds, (now) => check(this.#record, { matches, contextMatches: true }, now), this.#agent);
  }

  #later(seconds: number, step: (now: number) => Step<unknown>, actor: Actor): void {
    this.#wait(seconds);
    this.#take(step(this.#now), actor);
  }

  #wait(seconds: number): void {
    this.#now += seconds * 1000 + this.#chance.whole(1000);
  }

  /** The newest message goes out, and arrives or not. */
  #deliver(arrives: boolean): void {
    const send = this.#newest();
    const provider = PROVIDERS[send.channel] ?? 'southern-cross';
    this.#now += this.#chance.between(180, 900);
    const attempts = [{ provider, at: this.#now, error: null }];
    const taken: Send = {
      ...send,
      status: 'accepted',
      provider,
      attempts,
      segments: send.channel === 'sms' ? 1 : null,
    };
    this.#take(sendAccepted(this.#record, taken, provider), SYSTEM);
    this.#now += this.#chance.between(1_100, arrives ? 6_000 : 45_000);
    const status = arrives ? 'delivered' : 'undelivered';
    const error = arrives ? null : 'unreachable';
    const news = { status, error, segments: taken.segments, cost: PRICES[send.channel] ?? null } as const;
    const reported = sendReported(this.#record, taken, news);
    if (reported !== null) this.#take(reported.step, SYSTEM);
    this.#sends[this.#sends.length - 1] = reported?.send ?? taken;
  }

  /** Every provider refuses: the verification is over. */
  #nobodyTakesIt(): void {
    const send = this.#newest();
    const provider = PROVIDERS[send.channel] ?? 'southern-cross';
    this.#now += this.#chance.between(900, 4_000);
    const error = 'unavailable: 503';
    const failed: Send = { ...send, status: 'failed', provider, error, attempts: [{ provider, at: this.#now, error }] };
    const input = { send: failed, reason: 'unavailable', othersQueued: false, mayAdvance: false };
    this.#take(sendFailed(this.#record, input, this.#now), SYSTEM);
    this.#sends[this.#sends.length - 1] = failed;
  }

  #newest(): Send {
    const send = this.#sends.at(-1);
    if (send === undefined) throw new Error('A story begins with a message.');
    return send;
  }

  #take(step: Step<unknown>, actor: Actor): Verification {
    this.#record = step.next;
    for (const fact of step.facts) {
      const id = newId('evt', this.#now, this.#chance.text(20));
      this.#events.push({ ...fact, id, actor, createdAt: this.#now });
    }
    for (const planned of step.sends) this.#sends.push(sendOf(this.#record, planned, this.#now, this.#chance));
    return this.#record;
  }
}

function sendOf(
  record: Verification,
  { channel, generation, deadlineAt }: Step<unknown>['sends'][number],
  now: number,
  chance: Chance,
): Send {
  const { id: verification, application, mode } = record;
  const id = newId('snd', now, chance.text(20));
  return {
    id,
    verification,
    application,
    mode,
    channel,
    generation,
    // Of nobody: a store counts messages when they are written, and thirty days of them would use up today's.
    limitIndex: id,
    status: 'accepted',
    provider: null,
    providerMessageId: null,
    error: null,
    attempts: [],
    segments: null,
    cost: null,
    budgeted: null,
    createdAt: now,
    deadlineAt,
  };
}
