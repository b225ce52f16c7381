import { FACADES } from '../../../core/compat.ts';
import type { Problem, Result } from '../../../core/errors.ts';
import type { StringMap } from '../../../core/verification.ts';
import type { CheckView } from '../../../core/views.ts';
import { jsonReply, type Reply } from '../../reply.ts';
import type { FacadeCall, FacadeRoute } from '../facade.ts';
import { spentAttempts } from '../spent.ts';
import { contextOf, required, text, unsupported } from './parameters.ts';
import { checkResource } from './resources.ts';
import { isOwnService } from './services.ts';
import { idOfSid } from './sid.ts';
import { refuseAs, TWILIO } from './speech.ts';

const { purpose } = FACADES.twilio;
/** Twilio takes codes of these lengths; one that does not fit the policy is wrong there, not malformed. */
const CODE = /^[\x21-\x7e]{4,10}$/;

export const CHECK_ROUTES: readonly FacadeRoute[] = [
  {
    speech: TWILIO,
    method: 'POST',
    path: '/twilio/v2/Services/{service}/VerificationCheck',
    scope: 'check',
    handle: checkCode,
  },
];

interface Guess {
  readonly to: string | undefined;
  /** Null when the verification is meant by its address. */
  readonly id: string | null;
  readonly code: string;
  readonly context: StringMap | null;
}

async function checkCode(call: FacadeCall): Promise<Reply> {
  if (!isOwnService(call)) return refuseAs(call, 'missing');
  const refused = unsupported(call.fields);
  if (refused !== null) return refuseAs(call, 'unsupported', `\`${refused}\``);
  const [code, to, context] = [required(call.fields, 'Code'), text(call.fields, 'To'), contextOf(call.fields)];
  for (const read of [code, to, context]) if (!read.ok) return refuseAs(call, read.error, read.about);
  if (!code.ok || !to.ok || !context.ok) return refuseAs(call, 'parameter');
  const sid = call.fields['VerificationSid'];
  const isNamed = typeof sid === 'string' && sid !== '';
  if (!isNamed && to.value === undefined) return refuseAs(call, 'parameter', '`To` or `VerificationSid` is required');
  const id = isNamed ? idOfSid(sid) : null;
  if (isNamed && id === null) return refuseAs(call, 'missing');
  const guess: Guess = { to: to.value, id, code: code.value, context: context.value };
  const checked = await submit(call, guess);
  return checked.ok ? verdict(call, guess, checked.value) : refuseCheck(call, guess, checked.problem);
}

function submit({ service, caller }: FacadeCall, { to, id, code, context }: Guess): Promise<Result<CheckView>> {
  const input = { code, ...(context === null ? {} : { context }) };
  if (id === null) return service.verify.checkByDestination(caller, { ...input, to: to ?? '', purpose });
  const expected = { purpose, ...(to === undefined ? {} : { to }) };
  return service.verify.check(caller, id, { ...input, expected });
}

function verdict(call: FacadeCall, guess: Guess, { result, verification }: CheckView): Reply {
  if (result === 'exhausted') return refuseAs(call, 'maxChecks');
  if (result === 'expired' || result === 'closed') return refuseAs(call, 'missing');
  if (result === 'context_mismatch' && guess.context === null) return refuseAs(call, 'transaction');
  return jsonReply(call, checkResource(call, verification, { to: guess.to, approved: result === 'approved' }));
}

async function refuseCheck(call: FacadeCall, guess: Guess, problem: Problem): Promise<Reply> {
  const { to } = guess;
  if (problem.code === 'invalid_code_format' && CODE.test(guess.code)) return stillPending(call, guess, problem);
  if (problem.code !== 'verification_not_found' || to === undefined) return TWILIO.refuse(call, problem);
  return (await spentAttempts(call, { to, purpose })) === null
    ? TWILIO.refuse(call, problem)
    : refuseAs(call, 'maxChecks');
}

/** A code of another length than ours is not evaluated, so it costs nothing; there it is a wrong one. */
async function stillPending(call: FacadeCall, { id, to }: Guess, problem: Problem): Promise<Reply> {
  const { service, caller } = call;
  const found =
    id === null
      ? await service.verify.findOpen(caller, { to: to ?? '', purpose })
      : await service.verify.get(caller, id);
  if (!found.ok) return TWILIO.refuse(call, found.problem);
  return found.value.status === 'pending'
    ? jsonReply(call, checkResource(call, found.value, { to, approved: false }))
    : TWILIO.refuse(call, problem);
}
