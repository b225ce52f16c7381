// The command line of `npm run bench`.
import { parseArgs } from 'node:util';

/** The stores that `--store` knows beside SQLite. */
const STORES = ['postgres', 'mysql', 'redis'];

export const HELP = `npm run bench -- [--smoke] [--rows=1e3,1e4,1e5,1e6 | --rows=0] [--json FILE]
npm run bench -- --worker [--smoke]
npm run bench -- --desk [--rows=1e6] [--smoke]
npm run bench -- --store=postgres --store=mysql --store=redis [--postgres=URL] [--mysql=URL] [--smoke] [--json FILE]

  --store   measure this store instead of SQLite. The run starts its own servers; a URL names a running one to make an
            empty database on instead
  --worker  only: messages a second through a provider that takes 50 ms, and what one costs
  --desk    only: time and size of the desk's pages over so many records
  --smoke   half a minute: every answer is checked, figures are rough
`;

const OPTIONS = {
  smoke: { type: 'boolean', default: false },
  rows: { type: 'string' },
  store: { type: 'string', multiple: true, default: [] },
  postgres: { type: 'string' },
  mysql: { type: 'string' },
  worker: { type: 'boolean', default: false },
  desk: { type: 'boolean', default: false },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
};

/** What was asked for: `{ flags, stores, rows }` (`rows` null = as many as usual), or `{ problem }` in one sentence. */
export function readOptions(words) {
  const read = parsed(words);
  if (read.problem !== undefined) return read;
  const { flags } = read;
  const stores = flags.store.flatMap((names) => names.split(','));
  const stranger = stores.find((name) => !STORES.includes(name));
  if (stranger !== undefined) return { problem: `--store knows ${STORES.join(', ')}, not “${stranger}”.` };
  const rows = flags.rows?.split(',').map(Number) ?? null;
  if (rows?.some((count) => !Number.isInteger(count) || count < 0)) {
    return { problem: '--rows takes whole numbers, e.g. 1e3,1e6.' };
  }
  return { flags, stores, rows: rows?.filter((count) => count > 0) ?? null };
}

function parsed(words) {
  try {
    return { flags: parseArgs({ args: words, options: OPTIONS }).values };
  } catch (error) {
    // The first sentence says which word; the rest is about how a program may take it.
    return { problem: `${error.message.split('. ')[0].replace(/\.$/, '')}.` };
  }
}
