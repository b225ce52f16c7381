/** What is signed: `id` names the message and stays the same over retries, `timestamp` is epoch seconds. */
export interface Signed {
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}

/** The `webhook-signature` header of Standard Webhooks: `v1,` and base64 HMAC-SHA256 over `id.timestamp.body`, one per key. */
export async function webhookSignature(signed: Signed, keys: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const content = new TextEncoder().encode(`${signed.id}.${signed.timestamp}.${signed.body}`);
  const signatures = await Promise.all(keys.map((key) => hmacSha256(key, content)));
  return signatures.map((signature) => `v1,${Buffer.from(signature).toString('base64')}`).join(' ');
}

async function hmacSha256(key: Uint8Array<ArrayBuffer>, content: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  return await crypto.subtle.sign('HMAC', imported, content);
}
