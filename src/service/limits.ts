import type { Destination } from '../core/address.ts';
import { ipLimitKey } from '../core/ip.ts';
import { LIMITS, type Hit, type LimitName, type LimitSettings } from '../core/limits.ts';
import type { KeyRing } from '../crypto/index.ts';
import type { Caller, StartInput } from './api.ts';
import type { Addressed } from './destination.ts';

/** The limits in force for an application: its own over the global over the defaults; null = off. */
export function limitInForce(
  name: LimitName,
  application: LimitSettings,
  global: LimitSettings,
): { readonly max: number; readonly windowMs: number | null } | null {
  const facts = LIMITS[name];
  const setting = application[name] ?? global[name];
  const max = setting?.max ?? (facts.on ? facts.max : null);
  if (max === null) return null;
  const seconds = setting?.window_seconds ?? facts.windowSeconds;
  return { max, windowMs: seconds === null ? null : seconds * 1000 };
}

export interface LimitContext {
  readonly ring: KeyRing;
  readonly global: LimitSettings;
  readonly caller: Caller;
  /** Blind indexes of the folded address, newest first. */
  readonly limitIndexes: readonly string[];
  readonly callingCode: string | null;
  /** The canonical phone number, null for an e-mail address or where it is erased. */
  readonly phone: string | null;
}

/** What one message reserves. Test keys never count. */
export function sendHits(context: LimitContext): readonly Hit[] {
  if (context.caller.mode === 'test') return [];
  const application = context.caller.application.id;
  const destination = destinationKeys(context);
  return [
    hit(context, 'destination_sends', destination),
    hit(context, 'application_sends', [`app|${application}`]),
    hit(context, 'country_sends', context.callingCode === null ? null : [`cc|${application}|${context.callingCode}`]),
  ].filter((entry) => entry !== null);
}

/** What a start reserves: its first message, and the limits that only starts have. */
export function startHits(context: LimitContext, signals: StartInput['signals'], now: number): readonly Hit[] {
  if (context.caller.mode === 'test') return [];
  const { caller } = context;
  const destination = destinationKeys(context);
  return [
    hit(context, 'destination_failures', destination),
    hit(context, 'destination_consecutive_failures', destination),
    hit(context, 'signal_ip', ipKeys(context, 'signal', signals?.ip ?? null)),
    hit(context, 'hosted_ip', ipKeys(context, 'hosted', caller.browserIp)),
    hit(context, 'key_starts', caller.actor.type === 'api_key' ? [`key|${caller.actor.id ?? ''}`] : null),
    rangeHit(context, now),
    ...sendHits(context),
  ].filter((entry) => entry !== null);
}

/** Of the reservations of a start, those of one that sends nothing and needs no approval. */
export function quietHits(hits: readonly Hit[]): readonly Hit[] {
  return hits.filter(({ name }) => !name.endsWith('_sends') && name !== 'range_unapproved');
}

/** What a start counts against that is told of the suppression list. */
export function suppressedHits(context: LimitContext, signals: StartInput['signals']): readonly Hit[] {
  return [
    hit(context, 'suppressed_ip', ipKeys(context, 'signal', signals?.ip ?? null)),
    hit(context, 'suppressed_ip', ipKeys(context, 'hosted', context.caller.browserIp)),
  ].filter((entry) => entry !== null);
}

/** What a question to the risk hook counts against, before it is asked. */
export function hookHits(context: LimitContext, signals: StartInput['signals']): readonly Hit[] {
  const { caller } = context;
  return [
    hit(context, 'hook_ip', ipKeys(context, 'signal', signals?.ip ?? null)),
    hit(context, 'hook_ip', ipKeys(context, 'hosted', caller.browserIp)),
    hit(context, 'hook_key', caller.actor.type === 'api_key' ? [`key|${caller.actor.id ?? ''}`] : null),
  ].filter((entry) => entry !== null);
}

/** What a question to the provider of the CAPTCHA counts against, before it is asked. */
export function captchaHits(context: LimitContext): readonly Hit[] {
  const found = hit(context, 'captcha_ip', ipKeys(context, 'hosted', context.caller.browserIp));
  return found === null ? [] : [found];
}

/**
 * The same reservations for a device that was approved for this destination before: the destination's own limits give way
 * to a small allowance of its own, so that a stranger cannot lock the owner out.
 */
export function knownDeviceHits(
  context: LimitContext,
  hits: readonly Hit[],
  devices: readonly string[],
): readonly Hit[] {
  const own = hit(context, 'known_device_sends', devices);
  const rest = hits.filter((entry) => !entry.name.startsWith('destination_'));
  return own === null ? rest : [own, ...rest];
}

/** Names a device of the context's destination under every key of the ring, newest first. */
export function deviceKeys({ ring, caller, limitIndexes }: LimitContext, deviceId: string): readonly string[] {
  const devices = ring.indexes('device', `${caller.application.id}|${deviceId}`);
  return limitIndexes.map((limitIndex, i) => deviceKey(caller, limitIndex, devices[i] ?? ''));
}

/** Names a device of a destination of an application. */
export function deviceKey(caller: Pick<Caller, 'application'>, limitIndex: string, deviceIndex: string): string {
  return `${caller.application.id}|${limitIndex}|${deviceIndex}`;
}

/** Keys of a destination's counters in an application, newest first. */
export function destinationKeys(context: Pick<LimitContext, 'caller' | 'limitIndexes'>): readonly string[] {
  return context.limitIndexes.map((index) => `${context.caller.application.id}|${index}`);
}

/** Whether approvals of this caller's application give anything back to a block of numbers. */
export function countsRanges({ application, mode }: Caller, global: LimitSettings): boolean {
  return mode === 'live' && limitInForce('range_unapproved', application.limits, global) !== null;
}

/**
 * What an approval gives back: the start that led to it. Windows lie side by side, so that giving back never reaches into another;
 * what began in an earlier one gives nothing.
 */
export function provenHits(context: LimitContext, startedAt: number, now: number): readonly Hit[] {
  const started = rangeHit(context, startedAt);
  const [key] = started?.keys ?? [];
  const current = rangeHit(context, now);
  if (current === null || key !== current.keys[0]) return [];
  // However low the limit was set meanwhile: what is given back always has room.
  return [{ ...current, amount: -1, max: Number.MAX_SAFE_INTEGER }];
}

/** A block has the numbers that differ in their last three digits. */
function rangeHit(context: LimitContext, at: number): Hit | null {
  const { phone, ring, caller, global } = context;
  const limit = phone === null ? null : limitInForce('range_unapproved', caller.application.limits, global);
  if (phone === null || limit === null || limit.windowMs === null) return null;
  const block = ring.indexes('limit', `range|${phone.slice(0, -3)}`);
  const slot = Math.floor(at / limit.windowMs);
  const keys = block.map((index) => `range|${caller.application.id}|${index}|${slot}`);
  const found = hit(context, 'range_unapproved', keys);
  return found === null ? null : { ...found, windowMs: limit.windowMs - (at % limit.windowMs) };
}

export function limitContext(ring: KeyRing, global: LimitSettings, caller: Caller, addressed: Addressed): LimitContext {
  const { destination, limitIndexes } = addressed;
  const phone = destination.type === 'phone' ? destination.value : null;
  return { ring, global, caller, limitIndexes, callingCode: callingCodeOf(destination), phone };
}

function callingCodeOf(destination: Destination): string | null {
  return destination.type === 'phone' ? destination.callingCode : null;
}

function ipKeys(context: LimitContext, kind: string, ip: string | null): readonly string[] | null {
  const key = ip === null ? null : ipLimitKey(ip);
  if (key === null) return null;
  const application = context.caller.application.id;
  return context.ring.indexes('ip', key).map((index) => `${kind}|${application}|${index}`);
}

function hit(context: LimitContext, name: LimitName, keys: readonly string[] | null): Hit | null {
  if (keys === null) return null;
  const limit = limitInForce(name, context.caller.application.limits, context.global);
  if (limit === null) return null;
  return { name, scope: LIMITS[name].scope, keys, max: limit.max, windowMs: limit.windowMs, amount: 1 };
}
