/** How a command ends. The numbers follow sysexits.h where it has one. */
export const EXITS = {
  ok: { code: 0, doc: 'Done.' },
  failed: { code: 1, doc: 'It did not work: a wrong code, an unknown key, a failed delivery, a failed doctor check.' },
  usage: { code: 2, doc: 'Unknown command or option, or one is missing.' },
  unavailable: {
    code: 69,
    doc: 'The store cannot be used: locked, full, read-only, away, too old or not durable; or the clock of this machine is wrong.',
  },
  busy: { code: 75, doc: 'The port is in use. Try again later or take another one.' },
  config: {
    code: 78,
    doc: 'A setting is missing or wrong, the database needs `watchword migrate`, Node is too old, or a package is missing.',
  },
} as const;

export type Exit = keyof typeof EXITS;

/** One thing that is wrong, by name. */
export interface Detail {
  readonly name: string;
  readonly problem: string;
}

/** Ends the program with a sentence and, where there is one, its cure. Never carries a secret. */
export class CommandError extends Error {
  readonly exit: Exit;
  readonly cure: string | null;
  readonly details: readonly Detail[];

  constructor(
    exit: Exit,
    message: string,
    options: { cure?: string; details?: readonly Detail[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CommandError';
    this.exit = exit;
    this.cure = options.cure ?? null;
    this.details = options.details ?? [];
  }
}
