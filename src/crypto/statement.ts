import { sign, verify } from 'node:crypto';
import { decodeBase64Url } from './compare.ts';
import type { ReceiptKey } from './receipt.ts';

/** A compact JWS (RFC 7515) over facts of the audit log, signed with the key of receipts under a type of its own. */
export function signedStatement(key: ReceiptKey, text: string): string {
  const signed = `${headerOf(key)}.${Buffer.from(text).toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`;
}

/** The text that a key of the ring signed, else null. */
export function statementOf(keys: readonly ReceiptKey[], statement: string): string | null {
  const [header = '', payload = '', signature = '', ...rest] = statement.split('.');
  const key = keys.find((candidate) => headerOf(candidate) === header);
  const bytes = decodeBase64Url(signature);
  const text = decodeBase64Url(payload);
  if (key === undefined || bytes === null || text === null || rest.length > 0) return null;
  return verify(null, Buffer.from(`${header}.${payload}`), key.publicKey, bytes) ? text.toString('utf8') : null;
}

/** The id of the key that a statement says it is signed by; nothing of it is checked. Null for what is no statement. */
export function signerOf(statement: string): string | null {
  try {
    const header = JSON.parse(decodeBase64Url(statement.split('.')[0] ?? '')?.toString('utf8') ?? '') as unknown;
    const kid = typeof header === 'object' && header !== null && 'kid' in header ? header.kid : null;
    return typeof kid === 'string' ? kid : null;
  } catch {
    return null;
  }
}

function headerOf({ jwk }: ReceiptKey): string {
  return Buffer.from(JSON.stringify({ alg: 'EdDSA', kid: jwk['kid'], typ: 'audit+jwt' })).toString('base64url');
}
