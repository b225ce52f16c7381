// node bench/compare.mjs before.json after.json: what changed between two runs; exit code 1 when a goal is lost.
import { readFileSync } from 'node:fs';

const WORSE = 1.15;
const [beforePath, afterPath] = process.argv.slice(2);
if (afterPath === undefined) {
  process.stderr.write('node bench/compare.mjs BEFORE.json AFTER.json\n');
  process.exit(2);
}
const [before, after] = [beforePath, afterPath].map((path) => JSON.parse(readFileSync(path, 'utf8')));

// Only ratios are compared for the verdict: they were measured in one run each, plain figures were not.
const ratios = pairs(before.ratios, after.ratios).map(({ name, old, now }) => {
  const isLost = old.ok && !now.ok;
  const isWorse = now.median > old.median * WORSE;
  return { name, old: old.median, now: now.median, note: isLost ? 'LOST' : isWorse ? 'worse' : '', isLost };
});
const cases = pairs(before.cases, after.cases).map(({ name, old, now }) => ({
  name: `${name} (${now.unit})`,
  old: old.median,
  now: now.median,
  note: '',
}));
for (const { name, old, now, note } of [...ratios, ...cases]) {
  const change = old === 0 ? '' : `${(now / old).toFixed(2)}x`;
  process.stdout.write(
    `${name.padEnd(52)} ${String(old).padStart(9)} ${String(now).padStart(9)} ${change.padStart(7)} ${note}`.trimEnd() +
      '\n',
  );
}
process.exitCode = ratios.some(({ isLost }) => isLost) ? 1 : 0;

function pairs(olds, nows) {
  return nows.flatMap((now) => {
    const old = olds.find(({ name }) => name === now.name);
    return old === undefined ? [] : [{ name: now.name, old, now }];
  });
}
