export { newApiKey, parseApiKey } from './api-key.ts';
export type { IndexUse } from './blind-index.ts';
export type { CodeBinding } from './code-digest.ts';
export { createKeyRing, type KeyRing, type RootSecrets } from './key-ring.ts';
export { commitmentTo, merkleProof, merkleRoot } from './merkle.ts';
export { checkPassword, hashPassword, type PasswordVerdict } from './password.ts';
export {
  checkPasskey,
  claimedPasskey,
  isReplayed,
  PASSKEY_ALGORITHMS,
  type PasskeyCredential,
  type PasskeySite,
  readNewPasskey,
  requirePasskeys,
  hasPasskeys,
} from './passkey.ts';
export { isSolved } from './proof-of-work.ts';
export { randomInt, randomText } from './random.ts';
export { destinationHash, type JsonWebKeySet, type ReceiptClaims, type ReceiptVerdict } from './receipt.ts';
export { generateSecret, secretProblem } from './secret.ts';
export type { SealUse } from './seal.ts';
export type { SessionClaims } from './session-token.ts';
export { twilioSid } from './twilio-sid.ts';
export { newSecretToken } from './secret-token.ts';
export { signerOf } from './statement.ts';
export { hotp, newTotpSecret, totpStep } from './totp.ts';
export { newWebhookSecret, signWebhook, type SignedWebhook } from './webhook.ts';
