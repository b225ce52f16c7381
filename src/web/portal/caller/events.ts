import { securityHeaders } from '../../answer.ts';
import type { Answer, StaffRoute } from '../route.ts';
import { NOT_FOUND } from '../route.ts';
import type { Visit } from '../visit.ts';

/** About a quarter of an hour: then the browser asks again, as after any break. */
const MOST_BEATS = 60;
const LONGEST_MARK = 100;

/** Server-sent events that say when a page is out of date, and nothing else. Browsers connect again by themselves. */
export const EVENTS: readonly StaffRoute[] = [
  { method: 'GET', path: '/desk/events', right: 'staff', answer: async (visit) => stream(visit, null) },
  { method: 'GET', path: '/desk/verifications/:id/events', right: 'desk.verify', answer: caseEvents },
];

async function caseEvents(visit: Visit): Promise<Answer> {
  const id = visit.param('id');
  const found = await visit.service.desk.open(visit.caller, id);
  return found.ok ? stream(visit, id) : NOT_FOUND;
}

const TEXT = new TextEncoder();
const HELLO = TEXT.encode('retry: 3000\n\n');
const BEAT = TEXT.encode(': beat\n\n');
const OVER = TEXT.encode('event: over\ndata: \n\n');

function stream(visit: Visit, id: string | null): Response {
  let stop = (): void => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      stop = listen(visit, id, controller);
    },
    cancel: () => stop(),
  });
  const headers = {
    ...securityHeaders(visit.options),
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Proxies that collect answers would keep the news to themselves.
    'X-Accel-Buffering': 'no',
  };
  return new Response(body, { headers });
}

/** Returns how to stop. Whoever is signed out meanwhile is told that it is over. */
function listen(visit: Visit, id: string | null, controller: ReadableStreamDefaultController<Uint8Array>): () => void {
  let beats = 0;
  let isOpen = true;
  const send = (bytes: Uint8Array): void => void (isOpen && controller.enqueue(bytes));
  const stop = (): void => {
    isOpen = false;
    unwatch();
  };
  const end = (last: Uint8Array | null): void => {
    if (!isOpen) return;
    if (last !== null) send(last);
    stop();
    controller.close();
  };
  const unwatch = visit.service.desk.live.watch(visit.caller, id, {
    seen: visit.query('seen').slice(0, LONGEST_MARK),
    changed: (mark) => send(TEXT.encode(`event: changed\ndata: ${mark}\n\n`)),
    beat() {
      beats += 1;
      if (beats > MOST_BEATS) return end(null);
      send(BEAT);
      visit.stillSignedIn().then(
        (lasts) => lasts || end(OVER),
        () => end(null),
      );
    },
    over: () => end(null),
  });
  send(HELLO);
  return stop;
}
