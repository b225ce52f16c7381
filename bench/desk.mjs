// The desk over many records: CPU time per page of a process that serves nothing else.
import { Installation, runScript } from './processes.mjs';
import { openStreams } from './streams.mjs';

const GOAL_MS = 50;
const GOAL_KB = 60;
const STREAMS = 1_000;
const GOAL_MIB = 150;

/** Fills a database with the demo and copies of its records, and asks for each page. */
export async function measureDesk({ folder, report, say }, rows) {
  // The demo is for development only.
  const installation = new Installation(folder, 'desk', null, { WATCHWORD_MODE: 'development' });
  say(`desk: ${rows} records`);
  const { agents } = JSON.parse(installation.run('demo', '--json'));
  const settings = { ...process.env, ...installation.environment };
  await runScript('desk-rows.mjs', [installation.database, rows], settings, say);
  const { email, password } = agents.find(({ role }) => role === 'admin');
  const { pages, cookie } = await runScript('desk-pages.mjs', [email, password], settings, say);
  for (const { name, cpuMs, kb, gzipKb } of pages) {
    report.add(`desk: ${name}`, 'CPU ms', cpuMs);
    report.bound(`desk: ${name}, ms`, report.case(`desk: ${name}`).median, GOAL_MS);
    report.bound(`desk: ${name}, kB (gzip ${gzipKb.toFixed(1)})`, kb, GOAL_KB);
  }
  say(`desk: ${STREAMS} pages that stay open`);
  const server = await installation.serve();
  const { before, after } = await openStreams(server, cookie, STREAMS);
  await server.stop();
  report.add('desk: before any stream', 'RSS MiB', [before]);
  report.add(`desk: ${STREAMS} streams`, 'RSS MiB', [after]);
  report.bound(`desk: ${STREAMS} streams, MiB`, after, GOAL_MIB);
}
