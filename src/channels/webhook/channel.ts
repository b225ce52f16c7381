import type { ChannelName } from '../../core/verification.ts';
import type { Accepted, Channel, Failure, Message } from '../../ports/channel.ts';
import type { Dsn } from '../dsn.ts';
import { accepted, failure, systemCode, withDeadline } from '../outcome.ts';
import { messagePayload } from '../payload.ts';
import { readWebhookSettings, type WebhookSettings } from './settings.ts';
import { webhookSignature } from './signature.ts';

const MAX_REPLY_BYTES = 64 * 1024;
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
      const deadline = withDeadline(signal);
      try {
        return await outcomeOf(await post(message, settings, { now: tools.now(), signal: deadline }));
      } catch (error) {
        return unreachable(error, deadline);
      }
    },
  };
}

async function post(
  message: Message,
  settings: WebhookSettings,
  call: { readonly now: number; readonly signal: AbortSignal },
): Promise<Response> {
  const body = messagePayload(message);
  const timestamp = Math.floor(call.now / 1000);
  return await fetch(settings.url, {
    method: 'POST',
    redirect: 'manual',
    signal: call.signal,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Watchword',
      'webhook-id': message.sendId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': await webhookSignature({ id: message.sendId, timestamp, body }, settings.keys),
    },
    body,
  });
}

async function outcomeOf(reply: Response): Promise<Accepted | Failure> {
  if (reply.ok) return accepted(messageIdOf(await readReply(reply)));
  await discard(reply);
  const detail = `the webhook answered ${reply.status}`;
  if (reply.status >= 300 && reply.status < 400) {
    return failure('misconfigured', 'final', `${detail}; redirects are not followed, set the final address`);
  }
  if (reply.status === 429) return failure('rate_limited', 'retry', detail);
  if (reply.status === 408 || reply.status >= 500) return failure('unavailable', 'retry', detail);
  return failure('rejected', 'final', detail);
}

function unreachable(error: unknown, deadline: AbortSignal): Failure {
  if (deadline.aborted) return failure('unavailable', 'retry', 'the webhook did not answer in time');
  return failure(
    'unavailable',
    'retry',
    `the webhook could not be reached (${systemCode(error) ?? 'connection failed'})`,
  );
}

/** The reply's text, null when it is longer than 64 kB or breaks off: the 2xx counts, the id is only useful. */
async function readReply(reply: Response): Promise<string | null> {
  if (reply.body === null) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of reply.body) {
      size += chunk.byteLength;
      // Leaving the loop cancels the rest of the reply.
      if (size > MAX_REPLY_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function discard(reply: Response): Promise<void> {
  try {
    await reply.body?.cancel();
  } catch {
    // The connection broke after the status: the status is all that counts.
  }
}

function messageIdOf(reply: string | null): string | null {
  try {
    const parsed: unknown = JSON.parse(reply ?? '');
    const id = typeof parsed === 'object' && parsed !== null && 'id' in parsed ? parsed.id : null;
    return typeof id === 'string' && /^[\x21-\x7e]+$/.test(id) && id.length <= MAX_ID_LENGTH ? id : null;
  } catch {
    return null;
  }
}
