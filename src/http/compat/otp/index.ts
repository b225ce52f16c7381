import { FACADES } from '../../../core/compat.ts';
import { ok, refuse, type Problem, type Result } from '../../../core/errors.ts';
import { CHANNELS, type ChannelName } from '../../../core/verification.ts';
import type { VerificationView } from '../../../core/views.ts';
import { invalid } from '../../problem.ts';
import { jsonReply, type Reply } from '../../reply.ts';
import { spentAttempts } from '../spent.ts';
import type { FacadeCall, FacadeRoute } from '../facade.ts';
import { firstLanguage } from '../language.ts';
import { OTP } from './speech.ts';

const LONGEST_TO = 1_000;
const LONGEST_CODE = 64;
const PURPOSE = /^[a-z][a-z0-9_.-]{0,35}$/;
const TOO_MANY: Problem = { code: 'limit_exceeded', detail: 'Too many wrong codes. Ask for a new one.' };

/** `POST /otp/send`, `/otp/verify` and `/otp/resend`, with or without a slash at the end. */
export const OTP_ROUTES: readonly FacadeRoute[] = (
  [
    ['/otp/send', 'send', send],
    ['/otp/resend', 'send', resend],
    ['/otp/verify', 'check', verify],
  ] as const
).flatMap(([path, scope, handle]) =>
  [path, `${path}/`].map((spelled) => ({ speech: OTP, method: 'POST' as const, path: spelled, scope, handle })),
);

async function send(call: FacadeCall): Promise<Reply> {
  const asked = readAsked(call);
  if (!asked.ok) return OTP.refuse(call, asked.problem);
  const { service, caller, header } = call;
  const { to, channel, purpose } = asked.value;
  const chosen = channel === null ? {} : { channel };
  const started = await service.verify.start(caller, {
    to,
    purpose,
    ...chosen,
    ...firstLanguage(header('accept-language')),
  });
  return started.ok ? sent(call, started.value.verification) : OTP.refuse(call, started.problem);
}

/** The open code again, or a new one when none is open. */
async function resend(call: FacadeCall): Promise<Reply> {
  const asked = readAsked(call);
  if (!asked.ok) return OTP.refuse(call, asked.problem);
  const { service, caller } = call;
  const { channel, ...subject } = asked.value;
  const open = await service.verify.findOpen(caller, subject);
  if (!open.ok) return open.problem.code === 'verification_not_found' ? send(call) : OTP.refuse(call, open.problem);
  const again = await service.verify.resend(caller, open.value.id, channel === null ? {} : { channel });
  if (again.ok) return sent(call, again.value);
  return again.problem.code === 'verification_closed' ? send(call) : OTP.refuse(call, again.problem);
}

async function verify(call: FacadeCall): Promise<Reply> {
  const asked = readAsked(call);
  if (!asked.ok) return OTP.refuse(call, asked.problem);
  const code = readText(call, 'code', LONGEST_CODE);
  if (!code.ok) return OTP.refuse(call, code.problem);
  const { service, caller } = call;
  const { to, purpose } = asked.value;
  const checked = await service.verify.checkByDestination(caller, { to, purpose, code: code.value });
  if (!checked.ok) {
    const end = checked.problem.code === 'verification_not_found' ? await spentAttempts(call, { to, purpose }) : null;
    return OTP.refuse(call, end === null ? checked.problem : tooMany(call, end));
  }
  const { result, verification } = checked.value;
  if (result === 'approved') return jsonReply(call, { status: 'verified', detail: 'The code is right.' });
  if (result === 'exhausted') return OTP.refuse(call, tooMany(call, Date.parse(verification.expires_at)));
  const wrong = result === 'incorrect' || result === 'context_mismatch';
  if (!wrong) return OTP.refuse(call, { code: 'verification_not_found', detail: '' });
  const left = verification.checks_remaining;
  return jsonReply(call, { code: 'invalid_code', detail: 'The code is wrong.', attempts_remaining: left }, 400);
}

function tooMany({ options }: FacadeCall, end: number): Problem {
  return { ...TOO_MANY, retryAfterMs: Math.max(1_000, end - options.now()) };
}

function sent(call: FacadeCall, verification: VerificationView): Reply {
  const { to, channel, expires_at, next_send_at } = verification;
  return jsonReply(call, { status: 'sent', destination: to.masked, channel, expires_at, resend_at: next_send_at });
}

interface Asked {
  readonly to: string;
  readonly channel: ChannelName | null;
  readonly purpose: string;
}

function readAsked(call: FacadeCall): Result<Asked> {
  const to = readText(call, 'destination', LONGEST_TO);
  if (!to.ok) return to;
  const { channel, purpose } = call.fields;
  if (channel !== undefined && !isChannel(channel)) return wrong('channel', `must be one of ${CHANNELS.join(', ')}`);
  if (purpose === undefined) return ok({ to: to.value, channel: channel ?? null, purpose: FACADES.otp.purpose });
  if (typeof purpose !== 'string' || !PURPOSE.test(purpose)) return wrong('purpose', 'is no purpose');
  // Codes are kept apart by purpose, and apart from those of the API.
  return ok({ to: to.value, channel: channel ?? null, purpose: `${FACADES.otp.purpose}.${purpose}` });
}

function isChannel(value: unknown): value is ChannelName {
  return CHANNELS.some((name) => name === value);
}

function readText({ fields }: FacadeCall, name: string, longest: number): Result<string> {
  const value = fields[name];
  if (value === undefined) return wrong(name, 'is required');
  if (typeof value !== 'string' || value.trim() === '' || value.length > longest)
    return wrong(name, `must be a text of 1 to ${longest} characters`);
  return ok(value.trim());
}

function wrong(name: string, detail: string): Result<never> {
  return refuse(invalid(`\`${name}\` ${detail}.`, [{ pointer: `/${name}`, code: 'invalid', detail }]));
}
