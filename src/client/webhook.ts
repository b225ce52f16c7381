import type { ChannelName } from '../core/verification.ts';
import type { SendView, VerificationView } from '../core/views.ts';
import { type Bytes, fromBase64, utf8 } from './bytes.ts';

/** What a webhook is told: the verification as it was then, or the send with whose it is. */
export type WebhookPayload =
  | {
      readonly type: `verification.${'started' | 'approved' | 'failed' | 'expired' | 'canceled'}` | 'check.failed';
      readonly timestamp: string;
      readonly data: VerificationView;
    }
  | {
      readonly type: 'send.delivered' | 'send.failed';
      readonly timestamp: string;
      readonly data: SendView & { readonly verification: string };
    }
  | { readonly type: 'webhook.test'; readonly timestamp: string; readonly data: object };

/** What a gateway of your own is told (`webhook://`): a message to pass on. */
export interface GatewayMessage {
  readonly type: 'message.send';
  readonly data: {
    readonly send_id: string;
    readonly channel: ChannelName;
    readonly to: string;
    readonly from: string | null;
    readonly subject: string | null;
    readonly text: string;
    readonly html: string | null;
    readonly locale: string;
  };
}

/** `Event`: {@link WebhookPayload} of your webhook, or {@link GatewayMessage} of your gateway. */
export type WebhookResult<Event = WebhookPayload> =
  | { readonly valid: true; readonly id: string; readonly event: Event }
  | {
      readonly valid: false;
      readonly reason: 'missing_headers' | 'bad_signature' | 'too_old' | 'too_new' | 'malformed';
    };

/** Headers of fetch, or of Node. */
export type WebhookHeaders =
  { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface WebhookOptions {
  /** How far the signed time may be off, either way, seconds; 300 when absent. */
  readonly toleranceSeconds?: number;
  /** Epoch ms; the clock when absent. */
  readonly now?: number;
}

/**
 * Verifies a call to your webhook (Standard Webhooks). `body` is the exact body, before any parsing; several secrets while you change them.
 * Remember `id`: the same event may come again.
 */
export async function verifyWebhook<Event = WebhookPayload>(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
  { toleranceSeconds = 300, now = Date.now() }: WebhookOptions = {},
): Promise<WebhookResult<Event>> {
  const [id, time, signatures] = ['id', 'timestamp', 'signature'].map((name) => headerOf(headers, `webhook-${name}`));
  if (!id || !signatures || !/^\d{1,12}$/.test(time ?? '')) return { valid: false, reason: 'missing_headers' };
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const content = utf8(`${id}.${time}.${text}`);
  if (!(await isSigned(content, signatures, [secrets].flat()))) return { valid: false, reason: 'bad_signature' };
  const age = now / 1000 - Number(time);
  if (Math.abs(age) > toleranceSeconds) return { valid: false, reason: age > 0 ? 'too_old' : 'too_new' };
  try {
    return { valid: true, id, event: JSON.parse(text) as Event };
  } catch {
    return { valid: false, reason: 'malformed' };
  }
}

/** Any signature by any secret will do; WebCrypto compares in constant time. */
async function isSigned(content: Bytes, header: string, secrets: readonly string[]): Promise<boolean> {
  const signatures = header
    .split(' ', 16)
    .flatMap((one) => (one.startsWith('v1,') ? (fromBase64(one.slice(3)) ?? []) : []));
  for (const key of await Promise.all(secrets.map(keyOf))) {
    for (const signature of signatures) if (await crypto.subtle.verify('HMAC', key, signature, content)) return true;
  }
  return false;
}

function keyOf(secret: string): Promise<CryptoKey> {
  const raw = fromBase64(secret.replace(/^whsec_/, ''));
  if (!raw?.length) throw new TypeError('The webhook secret is not whsec_ and base64.');
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if ('get' in headers && typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : undefined;
}
