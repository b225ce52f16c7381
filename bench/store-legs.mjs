// What a store costs: over HTTP against the floor, and by itself.
import { cpuMicros } from './cpu.mjs';
import { block, range } from './http-legs.mjs';
import { Installation, runScript, serveFloor } from './processes.mjs';
import { openStorage } from './storage.mjs';

const GOALS = { redis: { start: 2.8, check: 2.2 }, postgres: {}, mysql: {} };

/** One store: legs over HTTP, instances side by side, then the driver alone. */
export async function measureStore(run, name, servers) {
  const storage = await openStorage(name, servers);
  try {
    run.say(`${name}: over HTTP`);
    await measureHttp(run, name, storage);
    run.say(`${name}: the driver`);
    await measureDriver(run, name, storage);
  } finally {
    await storage.drop();
  }
}

async function measureHttp(run, name, storage) {
  const { report, size, folder } = run;
  const installation = new Installation(folder, name, null, storage.environment).create();
  const floor = await serveFloor();
  const servers = [await installation.serve()];
  const { token } = installation;
  let items = 0;
  const next = (count) => range(items, (items += count));
  const blocks = { floor: [], start: [], check: [], wrong: [], replay: [] };
  await block(run, floor, { leg: 'floor', items: next(size.warmUp), token: null });
  const warm = await block(run, servers[0], { leg: 'start', items: next(size.warmUp), token });
  const rounds = [];
  for (let round = 0; round < size.rounds; round++) {
    blocks.floor.push((await block(run, floor, { leg: 'floor', items: next(size.count), token: null })).micros);
    const seen = await block(run, servers[0], { leg: 'start', items: next(size.count), token });
    blocks.start.push(seen.micros);
    rounds.push(seen.kept);
  }
  const codes = await installation.deliver(size.warmUp + size.rounds * size.count);
  const coded = (list) => list.map((one) => ({ ...one, code: codes.get(one.to) }));
  await block(run, servers[0], { leg: 'check', items: coded(warm.kept), token });
  for (const kept of rounds) {
    const right = coded(kept.slice(0, kept.length / 2));
    const rest = coded(kept.slice(kept.length / 2));
    blocks.check.push((await block(run, servers[0], { leg: 'check', items: right, token })).micros);
    blocks.replay.push((await block(run, servers[0], { leg: 'replay', items: right, token })).micros);
    blocks.wrong.push((await block(run, servers[0], { leg: 'wrong', items: rest, token })).micros);
  }
  for (const [leg, of] of Object.entries(blocks)) report.add(`${name}: ${leg}`, 'CPU µs', of);
  const { start, check } = GOALS[name];
  report.ratio(`${name}: start`, `${name}: floor`, start ?? null);
  report.ratio(`${name}: check`, `${name}: floor`, check ?? null);
  await measureInstances(run, name, { installation, servers, next });
  await Promise.all([floor, ...servers].map((server) => server.stop()));
}

/** CPU of a start when two and four instances share the store and the load. */
async function measureInstances(run, name, { installation, servers, next }) {
  const { report, size } = run;
  const { token } = installation;
  for (const count of [1, 2, 4]) {
    while (servers.length < count) {
      servers.push(await installation.serve());
      await block(run, servers.at(-1), { leg: 'start', items: next(Math.min(size.warmUp, 5_000)), token });
    }
    const blocks = [];
    for (let round = 0; round < size.rounds; round++) {
      const shares = await Promise.all(
        servers.map((server) => cpuMicros(server.child).then((before) => ({ server, before }))),
      );
      const items = next(size.count);
      await run.generator.run({ ...jobOver(servers), leg: 'start', items, token });
      const after = await Promise.all(
        shares.map(async ({ server, before }) => (await cpuMicros(server.child)) - before),
      );
      blocks.push(after.reduce((sum, micros) => sum + micros, 0) / items.length);
    }
    report.add(`${name}: start, ${count} instance${count === 1 ? '' : 's'}`, 'CPU µs', blocks);
  }
  report.ratio(`${name}: start, 4 instances`, `${name}: start, 1 instance`, null);
}

function jobOver(servers) {
  return { port: servers[0].port, ports: servers.map(({ port }) => port), connections: 64, rate: null };
}

async function measureDriver(run, name, storage) {
  const { report, size, say } = run;
  const seen = await runScript(
    'store-driver.mjs',
    [name, size.warmUp >= 20_000 ? 'full' : 'smoke'],
    { ...process.env, ...storage.environment },
    say,
  );
  for (const [label, { unit, blocks }] of Object.entries(seen.cases)) report.add(`${name}: ${label}`, unit, blocks);
  for (const { num, den, goal, least } of seen.ratios)
    report.ratio(`${name}: ${num}`, `${name}: ${den}`, goal ?? null, least ?? null);
  if (name === 'redis') await measureMemory(run);
}

/** Bytes are megabytes per million. */
async function measureMemory({ report, size, say }) {
  for (const { rows, counted, bytes } of await runScript('redis-memory.mjs', [size.pending], process.env, say)) {
    const label = `redis: bytes of a pending verification${counted ? ' and its counter' : ''}, ${rows} of them`;
    report.add(label, 'bytes', [bytes]);
    report.bound(label, bytes, rows < 1e6 ? null : counted ? 380 : 260);
  }
}
