/**
 * Holds a value that must never be printed. `String(x)`, `JSON.stringify(x)` and `util.inspect(x)` all say
 * `[redacted]`; only {@link Redacted.reveal} gives the value back, so every place that reads one can be found by name.
 */
export class Redacted<Kind extends string> {
  readonly kind: Kind;
  readonly #value: string;

  constructor(kind: Kind, value: string) {
    this.kind = kind;
    this.#value = value;
  }

  /** The value itself. Call it only where the value leaves for its one destination. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}

/** A one-time code in clear, digits or letters, leading zeros included. */
export type Code = Redacted<'code'>;
/** Authenticated ciphertext with its key id, `kid.base64url`. */
export type Sealed = Redacted<'sealed'>;
/** A keyed digest of a code with its key id and nonce. */
export type Digest = Redacted<'digest'>;
/** A credential: root secret, API key, provider password. */
export type Secret = Redacted<'secret'>;

export function code(value: string): Code {
  return new Redacted('code', value);
}

export function sealed(value: string): Sealed {
  return new Redacted('sealed', value);
}

export function digest(value: string): Digest {
  return new Redacted('digest', value);
}

export function secret(value: string): Secret {
  return new Redacted('secret', value);
}
