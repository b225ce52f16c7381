import { cpuMicros, rssMib } from './cpu.mjs';
import { Installation, serveFloor } from './processes.mjs';

const CONNECTIONS = 64;
const MOST_GENERATOR_SHARE = 0.9;
const MOST_RSS_MIB = 110;
const LATENCY_RATE = 200;
/** Every limit that is off by default, on, with room enough: each then costs what it costs. */
export const ALL_LIMITS = {
  application_sends: { max: 1_000_000_000 },
  country_sends: { max: 1_000_000_000 },
  key_starts: { max: 1_000_000_000 },
};

/** CPU per request of floor, start, check, wrong code and replay, block by block in turns. */
export async function measureLegs(run) {
  const { report, size, folder, say } = run;
  const installation = new Installation(folder, 'legs').create();
  const limited = new Installation(folder, 'limited', ALL_LIMITS).create();
  const [floor, server, limitedServer] = [await serveFloor(), await installation.serve(), await limited.serve()];
  const { token } = installation;
  const blocks = { floor: [], start: [], 'start, every limit on': [], check: [], wrong: [], replay: [] };
  let items = 0;
  const next = (count) => Array.from({ length: count }, () => items++);

  say(`warm-up: ${size.warmUp} requests each`);
  await block(run, floor, { leg: 'floor', items: next(size.warmUp), token: null });
  const warm = await block(run, server, { leg: 'start', items: next(size.warmUp), token });
  await block(run, limitedServer, { leg: 'start', items: next(size.warmUp), token: limited.token });
  const started = [...warm.kept];
  // Every block's records are made before the checks, so that messages are delivered twice only, outside what is timed.
  const rounds = [];
  for (let round = 0; round < size.rounds; round++) {
    say(`round ${round + 1} of ${size.rounds}: floor, start`);
    blocks.floor.push((await block(run, floor, { leg: 'floor', items: next(size.count), token: null })).micros);
    const seen = await block(run, server, { leg: 'start', items: next(size.count), token });
    blocks.start.push(seen.micros);
    const all = await block(run, limitedServer, { leg: 'start', items: next(size.count), token: limited.token });
    blocks['start, every limit on'].push(all.micros);
    started.push(...seen.kept);
    rounds.push(seen.kept);
  }
  say(`delivering ${started.length} messages`);
  const codes = await installation.deliver(started.length);
  const coded = (list) => list.map((one) => ({ ...one, code: codes.get(one.to) }));
  await block(run, floor, { leg: 'floor', items: next(size.warmUp), token: null });
  await block(run, server, { leg: 'check', items: coded(warm.kept), token });
  const floors = [];
  for (const [round, kept] of rounds.entries()) {
    say(`round ${round + 1} of ${size.rounds}: floor, check, replay, wrong code`);
    const right = coded(kept.slice(0, Math.floor(kept.length / 2)));
    floors.push((await block(run, floor, { leg: 'floor', items: next(size.count), token: null })).micros);
    blocks.check.push((await block(run, server, { leg: 'check', items: right, token })).micros);
    blocks.replay.push((await block(run, server, { leg: 'replay', items: right, token })).micros);
    blocks.wrong.push(
      (await block(run, server, { leg: 'wrong', items: coded(kept.slice(right.length)), token })).micros,
    );
  }
  report.add('floor', 'CPU µs', blocks.floor);
  report.add('floor beside checks', 'CPU µs', floors);
  report.add('start', 'CPU µs', blocks.start);
  report.add('start, every limit on', 'CPU µs', blocks['start, every limit on']);
  report.add('check', 'CPU µs', blocks.check, { rssMiB: rssMib(server.child.pid) });
  report.add('wrong code', 'CPU µs', blocks.wrong);
  report.add('replay', 'CPU µs', blocks.replay);
  report.ratio('start', 'floor', 3.2);
  report.ratio('check', 'floor beside checks', 2.2);
  const rss = rssMib(server.child.pid);
  if (rss !== null) {
    report.add('memory after load', 'MiB', [rss], { rssMiB: rss });
    report.bound('memory MiB', rss, MOST_RSS_MIB);
  }
  await Promise.all([floor.stop(), server.stop(), limitedServer.stop()]);
}

/** Open loop at a fixed rate: what a caller waits, from the moment the request was due. */
export async function measureLatency(run) {
  const { report, size, folder, say, generator } = run;
  const installation = new Installation(folder, 'latency').create();
  const server = await installation.serve();
  const { token } = installation;
  const count = LATENCY_RATE * size.seconds;
  const warm = await block(run, server, { leg: 'start', items: range(0, size.warmUp), token });
  say(`latency: start at ${LATENCY_RATE}/s for ${size.seconds} s`);
  const starts = await generator.run({
    ...job(server, 'start', range(size.warmUp, size.warmUp + count), token),
    rate: LATENCY_RATE,
  });
  const codes = await installation.deliver(size.warmUp + count);
  const coded = (list) => list.map((one) => ({ ...one, code: codes.get(one.to) }));
  await block(run, server, { leg: 'check', items: coded(warm.kept), token });
  say(`latency: check at ${LATENCY_RATE}/s for ${size.seconds} s`);
  const checks = await generator.run({ ...job(server, 'check', coded(starts.kept), token), rate: LATENCY_RATE });
  addLatency(report, 'start, open loop', starts);
  addLatency(report, 'check, open loop', checks);
  await server.stop();
}

function addLatency(report, name, seen) {
  const { p50, p90, p99, p999, achieved, errors } = seen;
  const unit = achieved < LATENCY_RATE * 0.99 ? 'ms (overload)' : 'ms';
  report.add(name, unit, [p50], { p50, p90, p99, p999, rate: LATENCY_RATE, achieved, errors });
}

/**
 * One block in a closed loop: CPU µs of the server per request, and what was kept of the answers. Throws on any wrong one. The floor is
 * asked again when the generator was its bottleneck; what a start or a check did cannot be done again.
 */
export async function block(run, server, { leg, items, token }, tries = leg === 'floor' ? 3 : 1) {
  const { generator, report, say } = run;
  const before = await cpuMicros(server.child);
  const seen = await generator.run(job(server, leg, items, token));
  const micros = ((await cpuMicros(server.child)) - before) / items.length;
  if (seen.falseAccepts > 0) throw new Error(`${leg}: ${seen.falseAccepts} false accepts`);
  if (seen.errors > 0)
    throw new Error(`${leg}: ${seen.errors} of ${seen.answers} answers were wrong: ${seen.faults.join('; ')}`);
  const share = seen.cpuMs / seen.ms;
  if (share > MOST_GENERATOR_SHARE && tries > 1) {
    say(`  ${leg}: refused, generator ${Math.round(share * 100)} %`);
    return block(run, server, { leg, items, token }, tries - 1);
  }
  report.generatorCpuShare = Math.max(report.generatorCpuShare, share);
  if (share > MOST_GENERATOR_SHARE)
    throw new Error(`${leg}: the load generator used ${Math.round(share * 100)} % of a core; it was the bottleneck`);
  say(`  ${leg}: ${micros.toFixed(1)} µs, generator ${Math.round(share * 100)} %`);
  return { micros, kept: seen.kept };
}

function job({ port, connections = CONNECTIONS }, leg, items, token) {
  return { port, connections, leg, items, token };
}

export function range(from, to) {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
