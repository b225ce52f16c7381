// Loaded into a process under test (NODE_OPTIONS=--import): tells at its end how long its own work held up its event loop.
// What other processes took away from it is not counted: of each gap between two ticks, at most the CPU time it used itself.
const EVERY_MS = 10;
const gaps = [];
let at = performance.now();
let used = process.cpuUsage();

setInterval(() => {
  const elapsed = performance.now() - at;
  const { user, system } = process.cpuUsage(used);
  gaps.push(Math.max(0, Math.min(elapsed, (user + system) / 1_000) - EVERY_MS));
  at = performance.now();
  used = process.cpuUsage();
}, EVERY_MS).unref();

// The first half second is the start of the program, not its work.
setTimeout(() => gaps.splice(0), 500).unref();
process.once('exit', () => {
  const sorted = gaps.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? null;
  process.stderr.write(`loop-delay ${JSON.stringify({ p99, max: sorted.at(-1) ?? null })}\n`);
});
