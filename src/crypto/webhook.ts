import { createHmac, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A signing secret of Standard Webhooks: `whsec_` and 32 random bytes in base64. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** What is signed: `id` stays the same over retries, `timestamp` is epoch seconds of this try. */
export interface SignedWebhook {
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}

/** The `webhook-signature` header (Standard Webhooks): `v1,` and base64 HMAC-SHA256 over `id.timestamp.body`, one per secret. */
export function signWebhook({ id, timestamp, body }: SignedWebhook, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
