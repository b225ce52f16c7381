import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

interface Where {
  readonly origin: string;
  readonly rpId: string;
  /** Whether its holder unlocked it. */
  readonly verified?: boolean;
  /** Key and certificate (PEM) of its maker, who vouches for it in a FIDO U2F statement. */
  readonly maker?: { readonly key: string; readonly cert: string };
}

interface Asked {
  readonly challenge: string;
  readonly user?: { readonly id: string };
}

/** An authenticator in software with one passkey (ES256): it signs whatever it is told to, as a hostile one would. */
export class Authenticator {
  readonly id = randomBytes(16);
  /** How often it says that it signed; 0 = it does not count. */
  counter = 0;
  holder = '';
  readonly #private: KeyObject;
  readonly #x: Buffer;
  readonly #y: Buffer;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.#private = privateKey;
    this.#x = Buffer.from(x, 'base64url');
    this.#y = Buffer.from(y, 'base64url');
  }

  /** `PublicKeyCredential.toJSON()` of a new passkey, as text. */
  create(asked: Asked, where: Where): string {
    this.holder = asked.user?.id ?? '';
    const length = Buffer.from([0, this.id.length]);
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, this.#cose()]);
    const authData = Buffer.concat([this.#authData(where, HAS_CREDENTIAL), credential]);
    const client = clientData('webauthn.create', asked, where);
    const attestationObject = map([
      ['fmt', where.maker === undefined ? 'none' : 'fido-u2f'],
      ['attStmt', new Encoded(this.#statement(client, where))],
      ['authData', authData],
    ]);
    return this.#answer({
      clientDataJSON: client.toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
    });
  }

  /** WebAuthn Level 3, 8.6. */
  #statement(client: Buffer, { maker, rpId }: Where): Buffer {
    if (maker === undefined) return map([]);
    const [rpHash, clientHash] = [rpId, client].map((what) => createHash('sha256').update(what).digest());
    const point = Buffer.concat([Buffer.from([4]), this.#x, this.#y]);
    const signed = Buffer.concat([Buffer.from([0]), rpHash as Buffer, clientHash as Buffer, this.id, point]);
    const der = Buffer.from(maker.cert.replace(/-----.*-----|\s/g, ''), 'base64');
    return map([
      ['x5c', [der]],
      ['sig', sign('sha256', signed, maker.key)],
    ]);
  }

  /** The same for signing in. */
  get(asked: Asked, where: Where): string {
    if (this.counter > 0) this.counter += 1;
    const client = clientData('webauthn.get', asked, where);
    const authData = this.#authData(where, 0);
    const signed = Buffer.concat([authData, createHash('sha256').update(client).digest()]);
    return this.#answer({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: sign('sha256', signed, this.#private).toString('base64url'),
      userHandle: this.holder,
    });
  }

  /** RFC 9053, 7.1.1. */
  #cose(): Buffer {
    return map([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, this.#x],
      [-3, this.#y],
    ]);
  }

  #authData({ rpId, verified = true }: Where, more: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const flags = USER_PRESENT | (verified ? USER_VERIFIED : 0) | more;
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), counter]);
  }

  #answer(response: Record<string, string>): string {
    const id = this.id.toString('base64url');
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });
  }
}

function clientData(type: string, { challenge }: Asked, { origin }: Where): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

type Value = number | string | Buffer | Encoded | readonly Value[];

/** CBOR that is ready. */
class Encoded {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** A map in CBOR (RFC 8949), as far as authenticators need it. */
function map(entries: readonly (readonly [number | string, Value])[]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([name, value]) => [encode(name), encode(value)])]);
}

function encode(value: Value): Buffer {
  if (value instanceof Encoded) return value.bytes;
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  return Buffer.concat([head(4, value.length), ...value.map(encode)]);
}

function head(major: number, size: number): Buffer {
  if (size < 24) return Buffer.from([(major << 5) | size]);
  return size < 256 ? Buffer.from([(major << 5) | 24, size]) : Buffer.from([(major << 5) | 25, size >> 8, size & 255]);
}
