import type { KeyObject } from 'node:crypto';
import { WatchwordError } from '../core/errors.ts';
import { digest, sealed, type Code, type Digest, type Sealed, type Secret } from '../core/redacted.ts';
import { blindIndex, type BlindIndex, type IndexUse } from './blind-index.ts';
import { codeMatches, digestText, type CodeBinding } from './code-digest.ts';
import { deriveKeys, kidOf } from './derive.ts';
import { createMac, type Mac } from './hmac.ts';
import {
  receiptKey,
  receiptVerdict,
  signedReceipt,
  type JsonWebKeySet,
  type ReceiptClaims,
  type ReceiptKey,
  type ReceiptVerdict,
} from './receipt.ts';
import { sealKeys, type SealKeys, type SealUse } from './seal.ts';
import { secretProblem } from './secret.ts';
import { openedSession, sessionKey, signedSession, type SessionClaims, type SessionKey } from './session-token.ts';
import { signedStatement, statementOf } from './statement.ts';
import { keyedHash, keyedHashMatches } from './token-hash.ts';

/** Everything done with keys. The newest key writes; all keys of the ring read, so that a rotation loses nothing. */
export interface KeyRing {
  /** Key id of the writing key, 8 base64url characters. */
  readonly kid: string;
  /** Key ids of the whole ring, newest first. */
  readonly kids: readonly string[];
  /** Authenticated encryption with a random nonce, `kid.base64url`, see {@link SealKeys}. `aad` names the row the value belongs to and must be given to open it. */
  seal(use: SealUse, plaintext: string, aad: string): Sealed;
  /** Null when the key is not in the ring, or use, aad or any bit differs. */
  open(use: SealUse, sealed: Sealed, aad: string): string | null;
  /** True when the value was not sealed under the newest key. */
  resealNeeded(sealed: Sealed): boolean;
  /** Blind index under the newest key: 16 base64url characters (96 bits). */
  index(use: IndexUse, value: string): string;
  /** Blind indexes under every key, newest first: what a look-up has to try. */
  indexes(use: IndexUse, value: string): readonly string[];
  /** A keyed digest of a code, good for this binding only. */
  digestCode(code: Code, binding: CodeBinding): Digest;
  /** Constant time. A null digest or one of an unknown key costs the same and answers false. */
  matchesCode(code: Code, binding: CodeBinding, digest: Digest | null): boolean;
  /** Keyed hash of an API key, `kid.base64url`. */
  hashToken(token: string): string;
  /** Constant time. `stale`: it matches under an older key, and the hash should be written anew. */
  tokenMatches(token: string, hash: string): { readonly matches: boolean; readonly stale: boolean };
  /** Keyed hash of a request body under the newest key, `kid.base64url`. */
  bodyHash(body: string): string;
  /** The same under every key, newest first. */
  bodyHashes(body: string): readonly string[];
  /** A compact JWS, EdDSA over Ed25519, `typ: receipt+jwt`. */
  signReceipt(claims: ReceiptClaims): string;
  /** Form and signature only; expiry, audience and single use are the caller's. */
  verifyReceipt(receipt: string): ReceiptVerdict;
  /** A compact JWS, EdDSA over Ed25519, `typ: audit+jwt`: facts of the audit log. */
  signStatement(text: string): string;
  /** The text of a statement; null unless a key of the ring signed it. */
  openStatement(statement: string): string | null;
  /** A compact JWS, HS256: what only this service reads again. */
  signSession(claims: SessionClaims): string;
  /** Null unless a key of the ring signed it; its end is the caller's to check. */
  openSession(token: string): SessionClaims | null;
  /** Public keys of the whole ring, newest first. */
  jwks(): JsonWebKeySet;
}

export interface RootSecrets {
  readonly current: Secret;
  /** Read only, newest first. */
  readonly previous: readonly Secret[];
}

/** All keys of one root secret, derived once. */
interface RingKey {
  readonly kid: string;
  readonly seals: SealKeys;
  readonly index: BlindIndex;
  readonly code: Mac;
  readonly token: KeyObject;
  readonly body: KeyObject;
  readonly receipt: ReceiptKey;
  readonly session: SessionKey;
}

/**
 * The key ring of a root secret and those before it. Throws WatchwordError `invalid_request` with a sentence, never the
 * value, when a secret is weak (see {@link secretProblem}) or given twice.
 */
export function createKeyRing(secrets: RootSecrets): KeyRing {
  const newest = ringKey(secrets.current, 'The root secret');
  const keys = [newest, ...secrets.previous.map((previous) => ringKey(previous, 'A previous root secret'))];
  const byKid = new Map(keys.map((key) => [key.kid, key]));
  if (byKid.size < keys.length) {
    throw new WatchwordError(
      'invalid_request',
      'The same root secret is given twice: current and previous ones must differ.',
    );
  }
  return {
    kid: newest.kid,
    kids: keys.map(({ kid }) => kid),
    ...sealing(newest, byKid),
    ...hashing(newest, keys),
    ...receipts(newest, keys),
    ...sessions(newest, keys),
  };
}

function ringKey(root: Secret, name: string): RingKey {
  const problem = secretProblem(root.reveal());
  if (problem !== null) throw new WatchwordError('invalid_request', `${name} ${problem}.`);
  const derived = deriveKeys(root);
  return {
    kid: derived.kid,
    seals: sealKeys(derived),
    index: blindIndex(derived),
    code: createMac(derived.bytes('code')),
    token: derived.key('token'),
    body: derived.key('body'),
    receipt: receiptKey(derived),
    session: sessionKey(derived),
  };
}

function sealing(
  newest: RingKey,
  byKid: ReadonlyMap<string, RingKey>,
): Pick<KeyRing, 'seal' | 'open' | 'resealNeeded'> {
  return {
    seal: (use, plaintext, aad) => sealed(`${newest.kid}.${newest.seals.seal(use, plaintext, aad)}`),
    open(use, value, aad) {
      const text = value.reveal();
      const kid = kidOf(text);
      return byKid.get(kid)?.seals.open(use, text.slice(kid.length + 1), aad) ?? null;
    },
    resealNeeded: (value) => kidOf(value.reveal()) !== newest.kid,
  };
}

function hashing(
  newest: RingKey,
  keys: readonly RingKey[],
): Pick<
  KeyRing,
  'index' | 'indexes' | 'digestCode' | 'matchesCode' | 'hashToken' | 'tokenMatches' | 'bodyHash' | 'bodyHashes'
> {
  const codeKeys = new Map(keys.map((key) => [key.kid, key.code]));
  const tokenKeys = new Map(keys.map((key) => [key.kid, key.token]));
  return {
    index: (use, value) => newest.index(use, value),
    indexes: (use, value) => keys.map((key) => key.index(use, value)),
    digestCode: (code, binding) => digest(digestText(newest.kid, newest.code, code, binding)),
    matchesCode: (code, binding, stored) => codeMatches(codeKeys, newest.code, { code, binding }, stored),
    hashToken: (token) => keyedHash(newest.kid, newest.token, token),
    tokenMatches(token, hash) {
      const matches = keyedHashMatches(tokenKeys, newest.token, token, hash);
      return { matches, stale: matches && kidOf(hash) !== newest.kid };
    },
    bodyHash: (body) => keyedHash(newest.kid, newest.body, body),
    bodyHashes: (body) => keys.map((key) => keyedHash(key.kid, key.body, body)),
  };
}

function receipts(
  newest: RingKey,
  keys: readonly RingKey[],
): Pick<KeyRing, 'signReceipt' | 'verifyReceipt' | 'signStatement' | 'openStatement' | 'jwks'> {
  const receiptKeys = keys.map((key) => key.receipt);
  return {
    signReceipt: (claims) => signedReceipt(newest.receipt, claims),
    verifyReceipt: (receipt) => receiptVerdict(receiptKeys, receipt),
    signStatement: (text) => signedStatement(newest.receipt, text),
    openStatement: (statement) => statementOf(receiptKeys, statement),
    jwks: () => ({ keys: receiptKeys.map((key) => key.jwk) }),
  };
}

function sessions(newest: RingKey, keys: readonly RingKey[]): Pick<KeyRing, 'signSession' | 'openSession'> {
  const sessionKeys = keys.map((key) => key.session);
  return {
    signSession: (claims) => signedSession(newest.session, claims),
    openSession: (token) => openedSession(sessionKeys, token),
  };
}
