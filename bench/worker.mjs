// worker.mjs <messages> <rounds>: how many messages a second one worker delivers through a provider that takes 50 ms, on the embedded
// store that the environment names. Prints one JSON object.
import { setTimeout as wait } from 'node:timers/promises';
import { rssMib } from './cpu.mjs';
import { openService } from './opened.mjs';

const PROVIDER_MS = 50;
const STARTS_AT_ONCE = 200;
const [messages, rounds] = process.argv.slice(2).map(Number);

let inFlight = 0;
let most = 0;
let accepted = 0;
const provider = {
  name: 'bench',
  channels: ['sms'],
  async send() {
    inFlight++;
    most = Math.max(most, inFlight);
    await wait(PROVIDER_MS);
    inFlight--;
    accepted++;
    return { type: 'accepted', messageId: null };
  },
};

const { service, store, close } = await openService(Date.now, undefined, { sms: [provider] });
const application = await service.applications.find('default');
const caller = {
  application,
  mode: 'live',
  actor: { type: 'library', id: null },
  scopes: ['send', 'check', 'read', 'admin'],
  browserIp: null,
};
const result = { perSecond: [], cpuMicros: [], mostInFlight: 0, mostMib: 0 };
let item = 0;
for (let round = 0; round < rounds; round++) {
  await queue(messages);
  const before = accepted;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  service.worker.start();
  while ((await store.outbox.backlog()).queued > 0) {
    result.mostMib = Math.max(result.mostMib, rssMib(process.pid) ?? 0);
    await wait(20);
  }
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await service.worker.stop();
  if (accepted - before !== messages) throw new Error(`${accepted - before} of ${messages} were sent`);
  result.perSecond.push(messages / seconds);
  result.cpuMicros.push((user + system) / messages);
}
result.mostInFlight = most;
await close();
process.stdout.write(JSON.stringify(result));
process.exit(0);

/** Starts that wait for a worker, each to a number of its own. */
async function queue(count) {
  for (let left = count; left > 0; left -= STARTS_AT_ONCE) {
    const size = Math.min(left, STARTS_AT_ONCE);
    const started = await Promise.all(Array.from({ length: size }, () => start()));
    if (started.some(({ ok }) => !ok)) throw new Error(JSON.stringify(started.find(({ ok }) => !ok)));
  }
}

function start() {
  item++;
  const to = `+1${415 + Math.floor(item / 1e6)}${String(2_000_000 + (item % 1e6))}`;
  return service.verify.start(caller, { to });
}
