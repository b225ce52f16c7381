/** A protocol data unit of the package `smpp`, as far as it is used here. */
export interface SmppPdu {
  readonly command: string;
  readonly command_status: number;
  readonly [field: string]: unknown;
  response(fields?: Readonly<Record<string, unknown>>): SmppPdu;
}

type Fields = Readonly<Record<string, unknown>>;
type Reply = (pdu: SmppPdu) => void;

/** A connection of the package `smpp`. The requests answer false when nothing can be written any more. */
export interface SmppSession {
  on(event: 'connect' | 'secureConnect' | 'close', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'pdu', listener: (pdu: SmppPdu) => void): void;
  bind_transceiver(fields: Fields, reply: Reply): boolean;
  submit_sm(fields: Fields, reply: Reply): boolean;
  enquire_link(reply: Reply): boolean;
  unbind(reply: Reply): boolean;
  send(pdu: SmppPdu): boolean;
  /** Ends it after what was written. */
  close(): void;
  destroy(): void;
}

/** The part of the optional package `smpp` that is used here. */
export interface SmppPackage {
  connect(options: Readonly<Record<string, unknown>>): SmppSession;
}

/** Loads the optional package. Throws an Error that says how to install it when it is not there. */
export async function loadSmpp(
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<SmppPackage> {
  try {
    // Not a literal: the compiler must not look for a package that may be absent.
    const name: string = 'smpp';
    return ((await load(name)) as { readonly default: SmppPackage }).default;
  } catch (error) {
    throw new Error('smpp:// needs the package smpp, which is not installed. Install it with: npm install smpp', {
      cause: error,
    });
  }
}
