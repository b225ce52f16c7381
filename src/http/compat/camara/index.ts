import { FACADES } from '../../../core/compat.ts';
import { ok, type Problem, refuse, type Result } from '../../../core/errors.ts';
import { inTheirWords } from '../../../core/templates/as-sent.ts';
import type { CheckView } from '../../../core/views.ts';
import { invalid } from '../../problem.ts';
import { emptyReply, jsonReply, type Reply } from '../../reply.ts';
import type { FacadeCall, FacadeRoute } from '../facade.ts';
import { CAMARA, type CamaraErrorName, correlated, refuseAs } from './speech.ts';

const { purpose } = FACADES.camara;
const ROOT = '/camara/one-time-password-sms/v1';
const E164 = /^\+[1-9][0-9]{4,14}$/;
const LONGEST = { phoneNumber: 16, message: 160, authenticationId: 36, code: 10 } as const;
type FieldName = keyof typeof LONGEST;
const PLACE = '{{code}}';

/** CAMARA one-time-password-sms: `send-code` and `validate-code`. */
export const CAMARA_ROUTES: readonly FacadeRoute[] = [
  { speech: CAMARA, method: 'POST', path: `${ROOT}/send-code`, scope: 'send', handle: sendCode },
  { speech: CAMARA, method: 'POST', path: `${ROOT}/validate-code`, scope: 'check', handle: validateCode },
];

async function sendCode(call: FacadeCall): Promise<Reply> {
  const read = readTexts(call, ['phoneNumber', 'message']);
  if (!read.ok) return CAMARA.refuse(call, read.problem);
  const { phoneNumber: phone, message } = read.value;
  if (!E164.test(phone)) return refuseAs(call, 'argument', '`phoneNumber` is not in E.164 format.');
  const text = ourText(message);
  if (!text.ok) return CAMARA.refuse(call, text.problem);
  const facade = { no_landline: true, text: text.value } as const;
  const started = await call.service.verify.start(call.caller, { to: { phone }, channel: 'sms', purpose, facade });
  if (!started.ok) return CAMARA.refuse(call, asTheirs(started.problem));
  return correlated(call, jsonReply(call, { authenticationId: started.value.verification.id }));
}

/** The message with the code's place as our templates write it. Other braces mean nothing in that dialect, and much in ours. */
function ourText(message: string): Result<string> {
  const pieces = message.split(PLACE);
  if (pieces.length < 2) return refuse(invalid(`\`message\` does not contain ${PLACE}.`));
  if (pieces.some((piece) => /[{}]/.test(piece)))
    return refuse(invalid(`\`message\` may have no braces but those of ${PLACE}.`));
  return ok(pieces.join('{code}'));
}

/** What the linter says about the text, about the field it came in. */
function asTheirs(problem: Problem): Problem {
  const finding = problem.errors?.find(({ pointer }) => pointer === '/text');
  if (problem.code !== 'invalid_request' || finding === undefined) return problem;
  return { ...problem, detail: `\`message\` ${inTheirWords(finding.detail, { code: PLACE })}.` };
}

async function validateCode(call: FacadeCall): Promise<Reply> {
  const read = readTexts(call, ['authenticationId', 'code']);
  if (!read.ok) return CAMARA.refuse(call, read.problem);
  const { authenticationId, code } = read.value;
  const checked = await call.service.verify.check(call.caller, authenticationId, { code, expected: { purpose } });
  if (!checked.ok) return CAMARA.refuse(call, checked.problem);
  const refused = verdict(checked.value);
  return refused === null ? done(call) : refuseAs(call, refused);
}

function done(call: FacadeCall): Reply {
  return correlated(call, emptyReply(call));
}

/** Null = approved. The last wrong code that is allowed says already that it was the last. */
function verdict({ result, verification }: CheckView): CamaraErrorName | null {
  switch (result) {
    case 'approved':
      return null;
    case 'exhausted':
      return 'spent';
    case 'expired':
    case 'closed':
      return 'over';
    case 'incorrect':
    case 'context_mismatch':
      return verification.checks_remaining === 0 ? 'spent' : 'wrong';
  }
}

/** Exactly these fields, each a text that is not too long: unknown ones are refused, as the standard asks. */
function readTexts<Name extends FieldName>(
  { fields }: FacadeCall,
  names: readonly Name[],
): Result<Readonly<Record<Name, string>>> {
  const unknown = Object.keys(fields).some((name) => !names.some((known) => known === name));
  if (unknown) return refuse(invalid('The body has a field that is not known here.'));
  for (const name of names) {
    const value = fields[name];
    if (value === undefined || value === null || value === '') return refuse(invalid(`\`${name}\` is required.`));
    if (typeof value !== 'string') return refuse(invalid(`\`${name}\` must be a text.`));
    if (value.length > LONGEST[name]) return refuse(invalid(`\`${name}\` is longer than ${LONGEST[name]} characters.`));
  }
  return ok(fields as Readonly<Record<Name, string>>);
}
