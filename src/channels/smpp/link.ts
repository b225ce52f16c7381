import type { BoundSession } from './session.ts';

/** Waits before binding again, ms; the last one stays. */
const RETRY_AFTER_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;

/** The one session of a channel: opened by the first message, shared by all, opened again when it is lost so that receipts still come. */
export interface SmppLink {
  /** The open session, or the one being opened. Rejects like `open`. */
  session(): Promise<BoundSession>;
  /** Closes and stays closed. */
  close(): void;
}

/** A link over `open`, which binds a session and calls `lost` when it ends later. */
export function createLink(open: (lost: () => void) => Promise<BoundSession>): SmppLink {
  let current: BoundSession | null = null;
  let opening: Promise<BoundSession> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function openOnce(): Promise<BoundSession> {
    stopWaiting();
    opening ??= open(() => reopenLater(0))
      .then((session) => {
        current = session;
        if (closed) session.close();
        return session;
      })
      .finally(() => {
        opening = null;
      });
    return opening;
  }

  /** Nobody waits for this: a message that comes meanwhile opens at once. */
  function reopenLater(attempt: number): void {
    if (closed || opening !== null) return;
    const wait = RETRY_AFTER_MS[Math.min(attempt, RETRY_AFTER_MS.length - 1)] ?? 0;
    timer = setTimeout(() => {
      openOnce().catch(() => reopenLater(attempt + 1));
    }, wait);
    timer.unref();
  }

  function stopWaiting(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  return {
    async session() {
      if (closed) throw new Error('The channel is closed.');
      return current?.alive === true ? current : await openOnce();
    },
    close() {
      closed = true;
      stopWaiting();
      current?.close();
    },
  };
}
