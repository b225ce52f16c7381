import { FACADES } from '../../../core/compat.ts';
import type { Problem } from '../../../core/errors.ts';
import type { CheckView } from '../../../core/views.ts';
import { firstLanguage } from '../language.ts';
import { jsonReply, type Reply } from '../../reply.ts';
import type { FacadeCall, FacadeRoute } from '../facade.ts';
import { readTexts } from './fields.ts';
import { PHONE_VERIFY, refuseFields, TEXTS } from './speech.ts';

const { purpose } = FACADES['phone-verify'];
/** A token says "expired" for a day after its code, then it is no token any more. */
const AFTERLIFE_MS = 86_400_000;
const NOT_VALID: Problem = { code: 'invalid_request', detail: TEXTS.invalid };

/** `POST /api/phone/register` and `/api/phone/verify` as django-phone-verify 3.x answers them. */
export const PHONE_VERIFY_ROUTES: readonly FacadeRoute[] = [
  { speech: PHONE_VERIFY, method: 'POST', path: '/api/phone/register', scope: 'send', handle: register },
  { speech: PHONE_VERIFY, method: 'POST', path: '/api/phone/verify', scope: 'check', handle: verify },
];

async function register(call: FacadeCall): Promise<Reply> {
  const read = readTexts(call.fields, ['phone_number']);
  if (!read.ok) return refuseFields(call, NOT_VALID, read.errors);
  const { service, caller } = call;
  const started = await service.verify.start(caller, {
    to: { phone: read.texts.phone_number },
    purpose,
    facade: { hides_recipients: true },
    ...firstLanguage(call.header('accept-language')),
  });
  if (!started.ok) return PHONE_VERIFY.refuse(call, started.problem);
  const { id, expires_at } = started.value.verification;
  return jsonReply(call, { session_token: service.sessions.issue(caller, id, Date.parse(expires_at) + AFTERLIFE_MS) });
}

async function verify(call: FacadeCall): Promise<Reply> {
  const read = readTexts(call.fields, ['phone_number', 'security_code', 'session_token']);
  if (!read.ok) return refuseFields(call, NOT_VALID, read.errors);
  const { service, caller } = call;
  const { phone_number: phone, security_code: code, session_token: token } = read.texts;
  // A token that is none costs the same as one of another number, and is told the same.
  const id = service.sessions.open(caller, token) ?? '';
  const checked = await service.verify.check(caller, id, { code, expected: { purpose, to: { phone } } });
  if (!checked.ok) return PHONE_VERIFY.refuse(call, checked.problem);
  const text = TEXTS[verdict(checked.value)];
  return text === TEXTS.valid
    ? jsonReply(call, { message: text })
    : refuseFields(call, NOT_VALID, { non_field_errors: [text] });
}

function verdict({ result, verification }: CheckView): keyof typeof TEXTS {
  if (result === 'approved') return 'valid';
  if (result === 'closed' && verification.status === 'approved') return 'verified';
  return result === 'expired' || result === 'exhausted' ? result : 'invalid';
}
