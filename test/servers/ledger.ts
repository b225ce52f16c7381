import { seeded } from '../../src/testing/index.ts';

/** A way to a verification service, or to its store, that knows the right code of what it starts. Rejects without an answer. */
export interface Gate {
  start(): Promise<string>;
  /** Answers with the result's name. */
  check(id: string, guess: 'right' | 'wrong'): Promise<string>;
  read(id: string): Promise<{ readonly status: string; readonly checks: number } | null>;
}

/** One acknowledged start, with every answer to its checks. */
interface Case {
  readonly id: string;
  readonly answers: string[];
  unanswered: number;
}

/** What happened, and what must not happen. */
export interface Counts {
  readonly started: number;
  readonly checks: number;
  readonly approved: number;
  /** Starts and checks nobody knows the outcome of. */
  readonly inDoubt: number;
  /** Verifications approved more than once, the look afterwards included. */
  readonly doubleAccepts: number;
  /** Verifications with more evaluated or counted codes than allowed. */
  readonly extraGuesses: number;
  /** Acknowledged starts that are gone. */
  readonly lostStarts: number;
  /** Acknowledged approvals or counts that the record does not show. */
  readonly lostVerdicts: number;
  /** Counts that no submitted code explains. */
  readonly wronglyCounted: number;
}

export const NOTHING_BROKEN = {
  doubleAccepts: 0,
  extraGuesses: 0,
  lostStarts: 0,
  lostVerdicts: 0,
  wronglyCounted: 0,
} as const;

const MAX_CHECKS = 5;
const MOST_AT_ONCE = 8;
const LOOK_AT_ONCE = 16;
/** A store is back within five seconds of its server's return. */
const BACK_MS = 5000;

/** The books of one experiment: people who come and verify, and what is found afterwards. */
export class Ledger {
  readonly counts: { -readonly [Count in keyof Counts]: Counts[Count] } = {
    started: 0,
    checks: 0,
    approved: 0,
    inDoubt: 0,
    ...NOTHING_BROKEN,
  };
  readonly #random: () => number;
  #cases: Case[] = [];

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  random(): number {
    return this.#random();
  }

  /** Lets people come, so many side by side, until told to stop. */
  async work(gates: readonly Gate[], lanes: number, isOver: () => boolean): Promise<void> {
    const lane = async (): Promise<void> => {
      while (!isOver()) {
        const ok = await this.#visit(() => this.#oneOf(gates));
        // A server that is down refuses at once; asking it without a pause would only burn the time it needs to start.
        if (!ok) await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  /** One start, and parallel checks, right and wrong, through whatever instance. False when something got no answer. */
  async #visit(gate: () => Gate): Promise<boolean> {
    const id = await gate()
      .start()
      .catch(() => null);
    if (id === null) {
      this.counts.inDoubt += 1;
      return false;
    }
    this.counts.started += 1;
    const visit: Case = { id, answers: [], unanswered: 0 };
    this.#cases.push(visit);
    const rightShare = this.#random();
    const checks = Array.from({ length: 1 + Math.floor(this.#random() * MOST_AT_ONCE) }, async () => {
      this.counts.checks += 1;
      const guess = this.#random() < rightShare ? 'right' : 'wrong';
      const answer = await gate()
        .check(id, guess)
        .catch(() => null);
      if (answer === null) visit.unanswered += 1;
      else visit.answers.push(answer);
    });
    await Promise.all(checks);
    this.counts.inDoubt += visit.unanswered;
    return visit.unanswered === 0;
  }

  /** Looks at everything that was acknowledged since the last look. Nobody is at work meanwhile. */
  async look(gates: readonly Gate[]): Promise<void> {
    const cases = this.#cases;
    this.#cases = [];
    for (let from = 0; from < cases.length; from += LOOK_AT_ONCE) {
      const some = cases.slice(from, from + LOOK_AT_ONCE);
      await Promise.all(some.map((one) => this.#judge(one, this.#oneOf(gates))));
    }
  }

  async #judge({ id, answers, unanswered }: Case, gate: Gate): Promise<void> {
    const { counts } = this;
    const record = await patiently(() => gate.read(id));
    if (record === null) {
      counts.lostStarts += 1;
      return;
    }
    const approvals = answers.filter((answer) => answer === 'approved').length;
    const evaluated = approvals + answers.filter((answer) => answer === 'incorrect').length;
    if (Math.max(evaluated, record.checks) > MAX_CHECKS) counts.extraGuesses += 1;
    if (record.checks < evaluated || (approvals > 0 && record.status !== 'approved')) counts.lostVerdicts += 1;
    if (record.checks > evaluated + unanswered) counts.wronglyCounted += 1;
    const wasApproved = record.status === 'approved' ? 1 : 0;
    const late = [await patiently(() => gate.check(id, 'right')), await patiently(() => gate.check(id, 'right'))];
    const lateApprovals = late.filter((answer) => answer === 'approved').length;
    if (approvals > 1 || wasApproved + lateApprovals > 1) counts.doubleAccepts += 1;
    counts.approved += wasApproved + lateApprovals;
  }

  #oneOf(gates: readonly Gate[]): Gate {
    const gate = gates[Math.floor(this.#random() * gates.length)];
    if (gate === undefined) throw new Error('there is no gate');
    return gate;
  }
}

/** Asks until there is an answer; one must come within five seconds. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const until = performance.now() + BACK_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
