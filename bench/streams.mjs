// Pages that stay open: as many streams of events as asked for, on a server of its own.
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { rssMib } from './cpu.mjs';

const AT_ONCE = 50;
/** A few looks of the poller. */
const WATCH_MS = 10_000;

/** MiB that the server takes before, and after the streams have been open for a while. */
export async function openStreams(server, cookie, count) {
  const before = rssMib(server.child.pid);
  const open = [];
  for (let from = 0; from < count; from += AT_ONCE)
    open.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => openStream(server.port, cookie)))));
  await wait(WATCH_MS);
  const after = rssMib(server.child.pid);
  for (const stream of open) stream.destroy();
  return { before, after };
}

/** Resolves with the connection once the first event came. */
function openStream(port, cookie) {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/desk/events', headers: { cookie }, agent: false });
    asked.once('response', (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`a stream answered ${answer.statusCode}`));
      answer.once('data', () => resolve(asked));
      answer.on('error', () => undefined);
      answer.resume();
    });
    asked.once('error', reject);
    asked.end();
  });
}
