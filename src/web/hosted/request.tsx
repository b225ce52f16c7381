import { asciiDigits } from '../../core/digits.ts';
import { CAPTCHA_FIELDS } from '../../core/captcha.ts';
import { CHANNELS, type ChannelName } from '../../core/verification.ts';
import type { ChallengeAnswer, HostedBegun, HostedStart, To } from '../../service/api.ts';
import { readForm, type FormFields } from '../form.ts';
import { ChallengePage } from './challenge-page.tsx';
import { malformed, startTrouble } from './problem.ts';
import { leaveToError } from './refuse.ts';
import { EMPTY_FORM, RequestPage, type RequestForm } from './request-page.tsx';
import { pageReply, redirectReply, troubleReply } from './reply.tsx';
import { askedReturn, isWellAsked } from './return-url.ts';
import { finish } from './finish.ts';
import { deviceCookie, flowsCookie, hostedPath, keepsCookies, withFlow, type Visit } from './visit.ts';

/** GET: where should the code go? */
export async function showRequest(visit: Visit): Promise<Response> {
  if (!isWellAsked(visit)) return troubleReply(visit, 'link');
  const channels = await channelsOf(visit);
  const form = { ...EMPTY_FORM, channel: chosenChannel(channels, visit.query.get('channel') ?? '') };
  if (channels.length === 0) return troubleReply(visit, 'away');
  return pageReply(visit, 200, <RequestPage visit={visit} channels={channels} form={form} />);
}

/** POST: starts a verification and leads to the page of its code. */
export async function takeRequest(visit: Visit): Promise<Response> {
  const reading = await readForm(visit.request, visit.options);
  if (!reading.ok) return leaveToError(visit, reading.status);
  if (!keepsCookies(visit)) return troubleReply(visit, 'cookies');
  const target = askedReturn(visit);
  if (target === null || !isWellAsked(visit)) return troubleReply(visit, 'link');
  const channels = await channelsOf(visit);
  const form = formOf(channels, reading.fields);
  const kind = form.channel === 'email' ? 'email' : 'phone';
  if ((kind === 'email' ? form.email : form.phone) === '')
    return again(visit, channels, { ...form, error: malformed(visit.language.words, kind) });
  const start = {
    application: visit.application,
    to: destinationOf(form, kind),
    channel: form.channel,
    locale: visit.language.locale,
    state: visit.query.get('state'),
    returnUrl: target.returnUrl,
    browser: visit.browser,
    challenge: answerOf(reading.fields),
    devices: visit.devices,
  };
  const started = await visit.service.hosted.begin(start);
  if (started.ok) return lead(visit, started.value);
  if (started.problem.code === 'challenge_required') return challengeReply(visit, form, start);
  const trouble = startTrouble(visit, started.problem, kind);
  if (trouble.type === 'field') return again(visit, channels, { ...form, error: trouble.text });
  return trouble.type === 'many' ? manyReply(visit, trouble) : troubleReply(visit, 'away');
}

/** To the page of the code; who needs none is done. */
async function lead(visit: Visit, { flow, approved }: HostedBegun): Promise<Response> {
  const cookies = [flowsCookie(visit, withFlow(visit, flow))];
  if (approved === null) return redirectReply(visit, hostedPath(visit, 'verify', { v: flow.id }), cookies);
  const { verification, device } = approved;
  const receipt = await visit.service.hosted.receipt(flow);
  return finish(visit, flow, { receipt, verification, cookies: [...cookies, deviceCookie(visit, device)] });
}

/** What a browser found, as the page of the challenge sends it. */
function answerOf(fields: FormFields): ChallengeAnswer | null {
  const token = fields.exact('challenge');
  const captcha = CAPTCHA_FIELDS.map((name) => fields.exact(name)).find((text) => text !== '') ?? '';
  return token === '' ? null : { token, nonce: fields.exact('nonce'), captcha };
}

/** Something has to be shown first. */
async function challengeReply(visit: Visit, form: RequestForm, start: HostedStart): Promise<Response> {
  const challenge = await visit.service.hosted.challenge(start);
  if (!challenge.ok) return troubleReply(visit, 'away');
  const { asks } = challenge.value;
  const widget = asks.type === 'work' ? null : { sources: asks.widget.sources, nonce: visit.options.newToken() };
  const again = start.challenge !== null && start.challenge.captcha !== '';
  const about = { challenge: challenge.value, nonce: widget?.nonce ?? null, again };
  const page = <ChallengePage visit={visit} form={form} {...about} />;
  return pageReply(visit, 403, page, { widget });
}

/** A limit said no: when to come back. */
export async function manyReply(
  visit: Visit,
  { text, seconds }: { readonly text: string; readonly seconds: number },
): Promise<Response> {
  const reply = await troubleReply(visit, 'many', text);
  reply.headers.set('Retry-After', String(seconds));
  return reply;
}

function again(visit: Visit, channels: readonly ChannelName[], form: RequestForm): Promise<Response> {
  return pageReply(visit, 422, <RequestPage visit={visit} channels={channels} form={form} />);
}

async function channelsOf({ service, application }: Visit): Promise<readonly ChannelName[]> {
  return (await service.hosted.choices(application.id))?.channels ?? [];
}

/** `to` stands for whichever of the two fields the channel needs. */
function formOf(channels: readonly ChannelName[], fields: FormFields): RequestForm {
  const to = fields.text('to');
  const email = fields.text('email') || (to.includes('@') ? to : '');
  const phone = fields.text('phone') || (to.includes('@') ? '' : to);
  const filled = email !== '' && phone === '' ? 'email' : null;
  const channel = chosenChannel(channels, fields.text('channel')) ?? filled ?? channels[0] ?? null;
  // Who chose e-mail after typing a number, or the other way round, meant what was filled in.
  const fits = channel === 'email' ? email !== '' || phone === '' : phone !== '' || email === '';
  const meant = fits ? channel : (channels.find((name) => (name === 'email') === (email !== '')) ?? channel);
  return { channel: meant, country: countryOf(fields.text('country')), phone, email, error: null };
}

function chosenChannel(channels: readonly ChannelName[], name: string): ChannelName | null {
  return CHANNELS.find((channel) => channel === name && channels.includes(channel)) ?? null;
}

function countryOf(text: string): string | null {
  return /^[A-Z]{2}$/.test(text) ? text : null;
}

function destinationOf(form: RequestForm, kind: 'phone' | 'email'): To {
  if (kind === 'email') return { email: form.email };
  const phone = asciiDigits(form.phone);
  return form.country === null ? phone : { phone, country: form.country };
}
