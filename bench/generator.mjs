// The load, in a process of its own: takes jobs over IPC, one at a time, and answers with what it saw. The module of the legs is its
// argument.
import { HttpConnection } from './http-client.mjs';
import { quantiles } from './statistics.mjs';

const MOST_FAULTS = 5;
const { LEGS } = await import(process.argv[2] ?? './legs.mjs');

process.on('message', async (job) => {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  try {
    const seen = await (job.rate === null ? closedLoop(job) : openLoop(job));
    const ms = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(before);
    process.send({ ...seen, ms, cpuMs: (user + system) / 1000 });
  } catch (error) {
    process.send({ failed: error.message });
  }
});

/** What came back, checked answer by answer. */
function tally({ leg, token }) {
  const { request, fault, accepted = () => false, keep } = LEGS[leg];
  const seen = { answers: 0, errors: 0, falseAccepts: 0, faults: [], kept: [] };
  return {
    seen,
    request: (item) => request(item, token),
    take(item, status, body) {
      const answer = readJson(body);
      const wrong = answer === null ? 'no JSON' : fault(item, status, answer);
      seen.answers++;
      if (answer !== null && accepted(answer)) seen.falseAccepts++;
      if (wrong !== null) {
        seen.errors++;
        if (seen.faults.length < MOST_FAULTS) seen.faults.push(wrong);
      } else if (keep) seen.kept.push(keep(item, answer));
    },
  };
}

function readJson(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Every connection sends its next request when its last one was answered: capacity. */
function closedLoop(job) {
  const { seen, request, take } = tally(job);
  return new Promise((resolve, reject) => {
    const connections = Array.from(
      { length: job.connections },
      (_, i) => new HttpConnection(job.ports?.[i % job.ports.length] ?? job.port, reject),
    );
    let next = 0;
    const proceed = (connection) => {
      if (seen.answers === job.items.length) {
        for (const each of connections) each.close();
        resolve(seen);
        return;
      }
      if (next === job.items.length) return;
      const item = job.items[next++];
      connection.send(request(item), (status, body) => {
        take(item, status, body);
        proceed(connection);
      });
    };
    for (const connection of connections) connection.opened().then(() => proceed(connection));
  });
}

/** Requests fall due at fixed times, late or not; latency counts from the due time. */
function openLoop(job) {
  const { seen, request, take } = tally(job);
  const latencies = [];
  return new Promise((resolve, reject) => {
    const free = [];
    const waiting = [];
    const all = Array.from({ length: job.connections }, () => new HttpConnection(job.port, reject));
    const startedAt = performance.now() + 50;
    const dueAt = (n) => startedAt + (n * 1000) / job.rate;
    let next = 0;
    const finish = () => {
      const seconds = (performance.now() - startedAt) / 1000;
      for (const each of all) each.close();
      resolve({ ...seen, ...quantiles(latencies), achieved: seen.answers / seconds });
    };
    const dispatch = (connection, n) => {
      connection.send(request(job.items[n]), (status, body) => {
        latencies.push(performance.now() - dueAt(n));
        take(job.items[n], status, body);
        if (seen.answers === job.items.length) return finish();
        if (waiting.length > 0) dispatch(connection, waiting.shift());
        else free.push(connection);
      });
    };
    const tick = () => {
      for (; next < job.items.length && dueAt(next) <= performance.now(); next++) {
        const connection = free.pop();
        if (connection === undefined) waiting.push(next);
        else dispatch(connection, next);
      }
      // Timers fire up to a millisecond late, so the last stretch is spun.
      if (next === job.items.length) return;
      if (dueAt(next) - performance.now() > 2) setTimeout(tick, 1);
      else setImmediate(tick);
    };
    Promise.all(all.map((connection) => connection.opened().then(() => free.push(connection)))).then(tick);
  });
}
