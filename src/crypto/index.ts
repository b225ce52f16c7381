export { newApiKey, parseApiKey } from './api-key.ts';
export type { IndexUse } from './blind-index.ts';
export type { CodeBinding } from './code-digest.ts';
export { createKeyRing, type KeyRing, type RootSecrets } from './key-ring.ts';
export { randomInt, randomText } from './random.ts';
export type { JsonWebKeySet, ReceiptClaims, ReceiptVerdict } from './receipt.ts';
export { generateSecret, secretProblem } from './secret.ts';
export type { SealUse } from './seal.ts';
export { newWebhookSecret, signWebhook, type SignedWebhook } from './webhook.ts';
