import { foldCode } from '../core/code.ts';
import { ok, refuse, type Problem, type Result } from '../core/errors.ts';
import type { Hit } from '../core/limits.ts';
import { check, sameContext, type Step } from '../core/machine/index.ts';
import type { Verification } from '../core/verification.ts';
import type { CheckResult, CheckView } from '../core/views.ts';
import type { CodeBinding } from '../crypto/index.ts';
import { NO_CHANGES, type Changes, type Found } from '../ports/verification-store.ts';
import type { Caller, CheckByDestinationInput, CheckInput, Expected, IdempotencyRequest } from './api.ts';
import { changesOf, commit, type Decision } from './commit.ts';
import { isConfirmToken } from './confirm/index.ts';
import { address } from './destination.ts';
import { countsRanges, destinationKeys, deviceKey, provenHits } from './limits.ts';
import { load } from './load.ts';
import { once, type Ticket } from './once.ts';
import { findOpen, type Subject } from './open-subject.ts';
import { originFacts, withFacts } from './origin-facts.ts';
import { codeFormatProblem, NOT_FOUND } from './problems.ts';
import { issueReceipt, namesDestination, receiptFacts, type ReceiptFacts } from './receipts.ts';
import { limitsOfRecord } from './record-limits.ts';
import type { StartDeps } from './prepare.ts';
import { viewOf } from './view.ts';

/** What a check answers and what its idempotency key remembers: claims, not a signed receipt, so no table ever holds one. */
interface Verdict {
  readonly result: CheckResult;
  readonly verification: CheckView['verification'];
  readonly receipt: ReceiptFacts | null;
}

interface Guess {
  readonly caller: Caller;
  readonly input: CheckInput;
  readonly ticket: Ticket | null;
}

/** One submitted code, by id. The only path that compares codes; every edge comes through here. */
export async function checkCode(
  deps: StartDeps,
  caller: Caller,
  id: string,
  input: CheckInput,
  idempotency?: IdempotencyRequest | null,
): Promise<Result<CheckView>> {
  const verdict = await once<Verdict>(deps, caller, idempotency, (ticket) =>
    evaluate(deps, id, { caller, input, ticket }),
  );
  return verdict.ok ? ok(checkViewOf(deps, verdict.value)) : verdict;
}

/** The same for the newest open verification of a destination, where the policy allows it. */
export async function checkByDestination(
  deps: StartDeps,
  caller: Caller,
  input: CheckByDestinationInput,
  idempotency?: IdempotencyRequest | null,
): Promise<Result<CheckView>> {
  const subject = await subjectOf(deps, caller, input);
  if (!subject.ok) return subject;
  // The look-up is part of what is done once: after an approval nothing is open, and the repeat gets the first answer.
  const verdict = await once<Verdict>(deps, caller, idempotency, async (ticket) => {
    const { record } = await findOpen(deps, subject.value);
    if (record !== null) return evaluate(deps, record.id, { caller, input, ticket });
    return refuse(NOT_FOUND);
  });
  return verdict.ok ? ok(checkViewOf(deps, verdict.value)) : verdict;
}

/** The open verification of a destination, where the policy allows checks by destination. */
export async function openByDestination(
  deps: StartDeps,
  caller: Caller,
  input: Pick<CheckByDestinationInput, 'to' | 'purpose'>,
): Promise<Result<{ readonly record: Verification; readonly now: number }>> {
  const subject = await subjectOf(deps, caller, input);
  if (!subject.ok) return subject;
  const { record, now } = await findOpen(deps, subject.value);
  return record === null || now >= record.expiresAt ? refuse(NOT_FOUND) : ok({ record, now });
}

async function subjectOf(
  deps: StartDeps,
  caller: Caller,
  input: Pick<CheckByDestinationInput, 'to' | 'purpose'>,
): Promise<Result<Subject>> {
  const purpose = input.purpose ?? 'login';
  const tenant = await deps.tenants.find(caller.application.id);
  if (!tenant?.policy(purpose).check_by_destination) {
    return refuse({
      code: 'forbidden',
      detail: 'The policy of this purpose does not allow checks by destination (check_by_destination).',
    });
  }
  const addressed = address(deps.ring, tenant.application, input.to);
  return addressed.ok ? ok({ caller, purpose, toIndexes: addressed.value.toIndexes }) : addressed;
}

async function evaluate(deps: StartDeps, id: string, guess: Guess): Promise<Result<Verdict>> {
  const { expected } = guess.input;
  const meant = expected === undefined ? null : expectation(deps, guess.caller, expected);
  if (meant?.ok === false) return meant;
  const done = await commit<CheckResult>(
    deps,
    async () => {
      const found = await loadForVerdict(deps, guess.caller, id);
      return meant === null || found.record === null || meant.value(found.record) ? found : { ...found, record: null };
    },
    (record, now) => judge(deps, record, guess, now),
  );
  return done.ok ? ok(verdictOf(deps, done.value.step, guess.input, done.value.now)) : done;
}

/** Whether a record is the one a façade means. */
function expectation(
  deps: StartDeps,
  caller: Caller,
  { purpose, to }: Expected,
): Result<(record: Verification) => boolean> {
  if (to === undefined) return ok((record) => record.purpose === purpose);
  const addressed = address(deps.ring, caller.application, to);
  if (!addressed.ok) return addressed;
  const { toIndexes } = addressed.value;
  return ok((record) => record.purpose === purpose && toIndexes.includes(record.toIndex ?? ''));
}

function judge(deps: StartDeps, record: Verification, guess: Guess, now: number): Decision<CheckResult> {
  const { vouched, link } = guess.input;
  if (vouched === true && !record.ownCode) return { problem: NOT_OWN_CODE };
  const matches = link === undefined && vouched !== true ? codeMatches(deps, record, guess.input.code) : null;
  if (matches === 'malformed') return { problem: codeFormatProblem(record.policy) };
  // Nobody guesses these: one that does not fit is of an older code, and costs no check.
  if (link !== undefined && !isConfirmToken(deps.ring, record, link)) return { problem: NOT_FOUND };
  const contextMatches = vouched === true || sameContext(record.context, guess.input.context ?? null);
  const step = check(record, { matches: matches ?? true, contextMatches, vouched: vouched === true }, now);
  if (step.next === record) {
    guess.ticket?.retract();
    return { step, changes: NO_CHANGES };
  }
  return { step, changes: changesOfCheck(deps, record, step, guess, now) };
}

/** Whoever brought the code could enter it as well; of one that was drawn here only the person can know it. */
const NOT_OWN_CODE: Problem = {
  code: 'forbidden',
  detail: 'Only a verification that was started with a code of your own is approved without one.',
};

function codeMatches(deps: StartDeps, record: Verification, given: string): boolean | 'malformed' {
  const folded = foldCode(record.policy.code, given);
  return folded === null ? 'malformed' : deps.ring.matchesCode(folded, bindingOf(record), record.digest);
}

function changesOfCheck(
  deps: StartDeps,
  record: Verification,
  step: Step<CheckResult>,
  guess: Guess,
  now: number,
): Changes {
  const live = record.mode === 'live';
  const destination = [`${record.application}|${record.limitIndex}`];
  const wrong = step.outcome === 'incorrect' || step.outcome === 'context_mismatch';
  const approved = step.outcome === 'approved';
  const planned = changesOf(deps, step, guess.caller, now);
  const { origin } = guess.caller;
  return {
    ...planned,
    events: origin === undefined ? planned.events : withFacts(planned.events, CHECKED, originFacts(record, origin)),
    failed: live && wrong ? destination : null,
    cleared: live && approved ? allCounters(deps, record, guess.caller) : null,
    take: approved ? givenBack(deps, record, guess.caller, now) : [],
    device:
      approved && record.deviceIndex !== null && record.policy.retention_days !== 0
        ? deviceKey(guess.caller, record.limitIndex, record.deviceIndex)
        : null,
    answer: guess.ticket?.store(kept(record, verdictOf(deps, step, guess.input, now))) ?? null,
  };
}

/** The facts that are checks. */
const CHECKED = ['check_failed', 'approved'] as const;

/** An approval proves the number: its block counts one start less. */
function givenBack(deps: StartDeps, record: Verification, caller: Caller, now: number): readonly Hit[] {
  if (!countsRanges(caller, deps.settings.limits)) return [];
  return provenHits(limitsOfRecord(deps, record, caller), record.createdAt, now);
}

/** "Drop at end" holds for what is remembered of the answer too. */
function kept(record: Verification, verdict: Verdict): Verdict {
  const dropped = record.policy.retention_days === 0 && verdict.receipt !== null;
  return dropped ? { ...verdict, receipt: { ...verdict.receipt, to: null, toHash: null } } : verdict;
}

/** Judging needs no sealed address but where a receipt names it, or counters are cleared under every key of the ring. */
async function loadForVerdict(deps: StartDeps, caller: Caller, id: string): Promise<Found> {
  const found = await load(deps, caller, id, 'verdict');
  const isNamed =
    (found.record !== null && namesDestination(found.record.policy)) ||
    deps.ring.kids.length > 1 ||
    countsRanges(caller, deps.settings.limits);
  return isNamed ? load(deps, caller, id) : found;
}

/** The destination's counters under every key of the ring; its address is opened for that only while a rotation lasts. */
function allCounters(deps: StartDeps, record: Verification, caller: Caller): readonly string[] {
  if (deps.ring.kids.length === 1) return [`${record.application}|${record.limitIndex}`];
  return destinationKeys(limitsOfRecord(deps, record, caller));
}

/** What a code is bound to beside its own characters. */
export function bindingOf(record: Verification): CodeBinding {
  return {
    application: record.application,
    verification: record.id,
    generation: record.generation,
    to: record.toIndex ?? '',
    purpose: record.purpose,
    context: record.context,
  };
}

function verdictOf(deps: StartDeps, step: Step<CheckResult>, input: CheckInput, now: number): Verdict {
  const record = step.next;
  return {
    result: step.outcome,
    verification: viewOf(deps, record, now),
    receipt: step.outcome === 'approved' && wantsReceipt(record, input) ? receiptFacts(deps.ring, record) : null,
  };
}

function wantsReceipt(record: Verification, input: CheckInput): boolean {
  return input.receipt === true || record.policy.receipt.startsWith('always');
}

function checkViewOf(deps: StartDeps, verdict: Verdict): CheckView {
  const { result, verification, receipt } = verdict;
  return { result, verification, receipt: receipt === null ? null : issueReceipt(deps.ring, verification, receipt) };
}
