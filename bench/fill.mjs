// fill.mjs <token> <from> <to>: starts of distinct destinations through the use case itself, many per commit.
import { openService } from './opened.mjs';
import { phoneNumber } from './numbers.mjs';

const AT_ONCE = 256;
const [token, from, to] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const { service, close } = await openService();
const caller = await service.keys.authenticate(token);
const startedAt = performance.now();
for (let first = from; first < to; first += AT_ONCE) {
  const batch = Array.from({ length: Math.min(AT_ONCE, to - first) }, (_, i) => start(first + i));
  const results = await Promise.all(batch);
  const refused = results.find((result) => !result.ok);
  if (refused) throw new Error(`a start was refused: ${JSON.stringify(refused.problem)}`);
  if (Math.floor(first / 100_000) < Math.floor((first + AT_ONCE) / 100_000))
    process.stderr.write(`  ${first + AT_ONCE} of ${to} rows\n`);
}
await close();
process.stdout.write(JSON.stringify({ rows: to - from, seconds: (performance.now() - startedAt) / 1000 }));

function start(item) {
  const metadata = { order: String(item).padStart(12, '0') };
  return service.verify.start(caller, { to: phoneNumber(item), purpose: 'login', locale: 'en', metadata });
}
