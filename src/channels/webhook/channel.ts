import type { ChannelName } from '../../core/verification.ts';
import type { Accepted, Channel, Failure, Message } from '../../ports/channel.ts';
import type { Dsn } from '../dsn.ts';
import { accepted, failure, systemCode } from '../outcome.ts';
import { messagePayload } from '../payload.ts';
import { callHttp, type HttpAnswer, NoAnswerError } from '../provider/http.ts';
import { readWebhookCallback } from './callback.ts';
import { readWebhookSettings, type WebhookSettings } from './settings.ts';
import { webhookSignature } from './signature.ts';

const MAX_ID_LENGTH = 200;

/** Posts every message, signed, to the operator's own gateway. Throws on a DSN that `checkDsn` refuses. */
export function createWebhookChannel(dsn: Dsn, kind: ChannelName, tools: { now(): number }): Channel {
  const read = readWebhookSettings(dsn);
  if (!read.ok) throw new Error(`The webhook cannot be used: ${read.problem}.`);
  const settings = read.value;
  return {
    name: `webhook:${settings.server}`,
    channels: [kind],
    async send(message, signal) {
      try {
        return outcomeOf(await post(message, settings, { now: tools.now(), signal }));
      } catch (error) {
        return unreachable(error);
      }
    },
    report: (request) => readWebhookCallback(request, { keys: settings.keys, now: tools.now() }),
  };
}

async function post(
  message: Message,
  settings: WebhookSettings,
  call: { readonly now: number; readonly signal: AbortSignal },
): Promise<HttpAnswer> {
  const body = messagePayload(message);
  const timestamp = Math.floor(call.now / 1000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Watchword',
    'webhook-id': message.sendId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': await webhookSignature({ id: message.sendId, timestamp, body }, settings.keys),
  };
  return await callHttp({ method: 'POST', url: settings.url, headers, body }, call.signal);
}

function outcomeOf({ status, text }: HttpAnswer): Accepted | Failure {
  // The 2xx counts, the id is only useful.
  if (status >= 200 && status < 300) return accepted(messageIdOf(text));
  const detail = `the webhook answered ${status}`;
  if (status >= 300 && status < 400) {
    return failure('misconfigured', 'final', `${detail}; redirects are not followed, set the final address`);
  }
  if (status === 429) return failure('rate_limited', 'retry', detail);
  if (status === 408 || status >= 500) return failure('unavailable', 'retry', detail);
  return failure('rejected', 'final', detail);
}

function unreachable(error: unknown): Failure {
  if (error instanceof NoAnswerError) return failure('unavailable', 'retry', 'the webhook did not answer in time');
  return failure(
    'unavailable',
    'retry',
    `the webhook could not be reached (${systemCode(error) ?? 'connection failed'})`,
  );
}

function messageIdOf(reply: string): string | null {
  try {
    const parsed: unknown = JSON.parse(reply);
    const id = typeof parsed === 'object' && parsed !== null && 'id' in parsed ? parsed.id : null;
    return typeof id === 'string' && /^[\x21-\x7e]+$/.test(id) && id.length <= MAX_ID_LENGTH ? id : null;
  } catch {
    return null;
  }
}
