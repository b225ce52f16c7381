import { asciiDigits } from '../../core/digits.ts';
import { CHANNELS, type ChannelName } from '../../core/verification.ts';
import type { To } from '../../service/api.ts';
import { readForm, type FormFields } from '../form.ts';
import { malformed, startTrouble } from './problem.ts';
import { leaveToError } from './refuse.ts';
import { EMPTY_FORM, RequestPage, type RequestForm } from './request-page.tsx';
import { pageReply, redirectReply, troubleReply } from './reply.tsx';
import { askedReturn } from './return-url.ts';
import { flowsCookie, hostedPath, keepsCookies, withFlow, type Visit } from './visit.ts';

const LONGEST_STATE = 512;

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
  const started = await visit.service.hosted.begin({
    application: visit.application,
    to: destinationOf(form, kind),
    channel: form.channel,
    locale: visit.language.locale,
    state: visit.query.get('state'),
    returnUrl: target.returnUrl,
    browserIp: visit.browserIp,
  });
  if (started.ok) {
    const cookie = flowsCookie(visit, withFlow(visit, started.value));
    return redirectReply(visit, hostedPath(visit, 'verify', { v: started.value.id }), [cookie]);
  }
  const trouble = startTrouble(visit, started.problem, kind);
  if (trouble.type === 'field') return again(visit, channels, { ...form, error: trouble.text });
  return trouble.type === 'many' ? manyReply(visit, trouble) : troubleReply(visit, 'away');
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

/** The address is one that a host application would write. */
function isWellAsked(visit: Visit): boolean {
  return askedReturn(visit) !== null && (visit.query.get('state') ?? '').length <= LONGEST_STATE;
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
