import { randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** 256 random bits as 43 base64url characters: what a browser or a link holds. Store its keyed hash. */
export function newSecretToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}
