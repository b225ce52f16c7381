import type { SmtpSession } from './session.ts';

const MAX_CONNECTIONS = 4;
const IDLE_MS = 15_000;
const MAX_MESSAGES = 100;

/** A session on loan. `reused` = it served a message before, so the server may have dropped it meanwhile. */
export interface Loan {
  readonly session: SmtpSession;
  readonly reused: boolean;
  /** Gives the session back; a dead or worn-out one is let go. Call exactly once. */
  release(): void;
}

/** A few connections to one server, opened when needed, reused while warm, closed when idle. Sends nothing by itself. */
export interface SmtpPool {
  /** Waits for a free place; with `fresh` it never hands out a used connection. Rejects like `open`, or when `signal` aborts. */
  borrow(signal: AbortSignal, options?: { readonly fresh?: boolean }): Promise<Loan>;
  /** Closes idle connections now and busy ones when they come back. */
  close(): void;
}

interface Idle {
  readonly session: SmtpSession;
  readonly served: number;
  readonly timer: NodeJS.Timeout;
}

/** A pool over `open`, which makes a connected and logged-in session. */
export function createSmtpPool(open: (signal: AbortSignal) => Promise<SmtpSession>): SmtpPool {
  const idle: Idle[] = [];
  const waiting: (() => void)[] = [];
  let places = MAX_CONNECTIONS;
  let closed = false;

  async function takePlace(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (places > 0) {
      places -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const turn = (): void => {
        signal.removeEventListener('abort', aborted);
        resolve();
      };
      const aborted = (): void => {
        waiting.splice(waiting.indexOf(turn), 1);
        reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
      };
      waiting.push(turn);
      signal.addEventListener('abort', aborted, { once: true });
    });
  }

  function freePlace(): void {
    const next = waiting.shift();
    // The place goes straight to the one who waits longest.
    if (next) next();
    else places += 1;
  }

  function takeIdle(): Idle | null {
    for (let found = idle.pop(); found; found = idle.pop()) {
      clearTimeout(found.timer);
      if (found.session.alive) return found;
    }
    return null;
  }

  function keep(session: SmtpSession, served: number): void {
    if (!session.alive) return;
    if (closed || served >= MAX_MESSAGES) return session.quit();
    const timer = setTimeout(() => {
      idle.splice(idle.indexOf(entry), 1);
      session.quit();
    }, IDLE_MS);
    timer.unref();
    const entry = { session, served, timer };
    idle.push(entry);
  }

  function closeIdle(): void {
    for (let found = takeIdle(); found; found = takeIdle()) found.session.quit();
  }

  return {
    async borrow(signal, { fresh = false } = {}) {
      await takePlace(signal);
      try {
        // A dropped connection is rarely alone, so asking for a fresh one empties the shelf.
        if (fresh) closeIdle();
        const warm = takeIdle();
        const session = warm?.session ?? (await open(signal));
        const release = (): void => {
          keep(session, (warm?.served ?? 0) + 1);
          freePlace();
        };
        return { session, reused: warm !== null, release };
      } catch (error) {
        freePlace();
        throw error;
      }
    },
    close() {
      closed = true;
      closeIdle();
    },
  };
}
