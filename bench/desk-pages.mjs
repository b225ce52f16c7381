// desk-pages.mjs <email> <password>: CPU time of this process per page of the desk, on the database that the environment names.
import { gzipSync } from 'node:zlib';
import { createPages } from '../dist/web/index.js';
import { openService } from './opened.mjs';
import { median } from './statistics.mjs';

const ORIGIN = 'http://127.0.0.1:7070';
const ROUNDS = 15;
const [email, password] = process.argv.slice(2);

const { service, store, env, close } = await openService();
const pages = createPages(service, {
  mode: 'development',
  publicUrl: ORIGIN,
  basePath: '',
  version: '0.0.0',
  testKey: null,
  openapi: () => ({}),
  now: env.now,
  newToken: () => env.randomText(26),
  browserIp: () => '203.0.113.7',
  log: () => undefined,
});
const cookies = new Map();
await signIn();
const measured = [];
for (const [name, path] of await paths()) measured.push(await measure(name, path));
await close();
process.stdout.write(JSON.stringify({ pages: measured, cookie: cookieLine() }));
process.exit(0);

/** Rounds after the first, which prepares the statements; bytes as sent and as a proxy would pack them. */
async function measure(name, path) {
  const cpuMs = [];
  let html = '';
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    const answer = await fetchPage(path);
    html = await answer.text();
    const { user, system } = process.cpuUsage(before);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    if (round > 0) cpuMs.push((user + system) / 1000);
  }
  process.stderr.write(`  ${name}: ${median(cpuMs).toFixed(1)} ms\n`);
  return { name, cpuMs, kb: Buffer.byteLength(html) / 1000, gzipKb: gzipSync(html).length / 1000 };
}

/** What the pages are asked for: a filter that many fit and one that few do, each way to search, and a record. */
async function paths() {
  const application = await service.applications.find('Harbour Mobile');
  const now = await store.verifications.time();
  const { rows } = await store.records.search({
    application: application.id,
    mode: 'live',
    now,
    createdBefore: now - 45 * 86_400_000,
    limit: 1,
  });
  const [record] = rows;
  const today = new Date(now).toISOString().slice(0, 10);
  const before = new Date(now - 89 * 86_400_000).toISOString().slice(0, 10);
  return [
    ['home', '/desk'],
    ['list', '/desk/records'],
    ['list, far back', `/desk/records?cursor=${record.id}`],
    ['status', '/desk/records?status=failed'],
    ['status that none has', '/desk/records?status=canceled&channel=telegram'],
    ['country', '/desk/records?country=NZ'],
    ['days', `/desk/records?from=${before}&until=${before}`],
    ['destination of many', `/desk/records?q=${encodeURIComponent('+61491570156')}`],
    ['destination of none', '/desk/records?q=nobody@acme.example'],
    ['ticket', `/desk/records?q=${record.reference}`],
    ['ticket of none', '/desk/records?q=INC-0'],
    ['record', `/desk/records/${record.id}`],
    ['insights, 90 days', `/desk/insights?from=${before}&until=${today}`],
    ['people', '/desk/people'],
    ['audit', '/desk/audit'],
    ['applications', '/desk/applications'],
    ['limits', `/desk/applications/${application.id}/limits`],
  ];
}

async function signIn() {
  const first = await post('/desk/sign-in', { app: 'Harbour Mobile', username: email, password });
  const { searchParams } = new URL(first.headers.get('location') ?? '', ORIGIN);
  await service.worker.tick();
  const [message] = await service.inbox.all(email);
  const code = /\b\d{6}\b/.exec(message?.text ?? '')?.[0] ?? '';
  const second = await post('/desk/second-factor', { code, next: searchParams.get('next') ?? '' });
  if (second.status !== 303) throw new Error(`no sign-in: ${first.status}, ${second.status}`);
}

async function post(path, fields) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
  const answer = await fetchPage(path, { method: 'POST', body: new URLSearchParams(fields).toString(), headers });
  for (const line of answer.headers.getSetCookie()) {
    const [pair] = line.split(';');
    const at = pair.indexOf('=');
    cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return answer;
}

function fetchPage(path, init = {}) {
  const headers = { ...init.headers, cookie: cookieLine() };
  return pages.fetch(new Request(`${ORIGIN}${path}`, { ...init, headers }));
}

function cookieLine() {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
