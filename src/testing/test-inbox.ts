import type { TestClockView } from '../core/testing-views.ts';
import type { InboxMessageView } from '../core/views.ts';

/** Where Watchword is: its address, or the `handler` of one inside your program. */
export type InboxPlace = { readonly url: string } | { readonly handler: (request: Request) => Promise<Response> };

export interface TestInbox {
  /** What test sends produced in the last ten minutes, newest first. */
  messages(to?: string): Promise<readonly InboxMessageView[]>;
  /** Waits for a message to `to` that no earlier call returned a code from, and returns its code. Throws when none comes in time. */
  code(to: string, options?: { readonly timeoutMs?: number }): Promise<string>;
  /** Lets time pass for every open test verification of the application. */
  advance(seconds: number): Promise<TestClockView>;
}

const PAUSE_MS = 50;
const PATIENCE_MS = 10_000;
/** A code stands alone: digits, or letters and digits of the safe alphabet. */
const CODE = /(?<![\w-])(?:\d{4,10}|(?=[A-Z]*\d)[2-9A-HJKMNP-Z]{4,10})(?![\w-])/;

/** Reads what your own tests were sent, with a test key of the application. */
export function testInbox({ key, ...place }: InboxPlace & { readonly key: string }): TestInbox {
  const used = new Set<string>();

  async function call<T>(path: string, body?: object): Promise<T> {
    const base = 'url' in place ? place.url.replace(/\/$/, '') : 'http://localhost';
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    const request = new Request(base + path, init);
    const response = 'handler' in place ? await place.handler(request) : await fetch(request);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  async function messages(to?: string): Promise<readonly InboxMessageView[]> {
    const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
    return (await call<{ readonly data: readonly InboxMessageView[] }>(`/v1/test/inbox${query}`)).data;
  }

  async function code(to: string, { timeoutMs = PATIENCE_MS } = {}): Promise<string> {
    for (let waited = 0; waited <= timeoutMs; waited += PAUSE_MS) {
      const fresh = (await messages(to)).find(({ send_id }) => !used.has(send_id));
      const found = fresh === undefined ? null : CODE.exec(fresh.text)?.[0];
      if (fresh !== undefined && found != null) {
        used.add(fresh.send_id);
        return found;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error(`no message with a code came to ${to} within ${timeoutMs} ms`);
  }

  return { messages, code, advance: (seconds) => call('/v1/test/clock', { advance_seconds: seconds }) };
}
