// What a façade costs beside the native call that does the same: CPU per request of the whole process, block by block in turns,
// without a socket (which would add the same to both and make the ratio smaller). `node bench/facades.mjs [requests] [rounds] [façade]`
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWatchword } from '../dist/index.js';

const COUNT = Number(process.argv[2] ?? 40);
const ROUNDS = Number(process.argv[3] ?? 41);
const ONLY = process.argv[4];
const CODE = '123456';
const BUDGET = 1.1;

const folder = mkdtempSync(join(tmpdir(), 'watchword-facades-'));
const databaseUrl = `sqlite:${join(folder, 'watchword.db')}`;
const words = ['dist/cli/main.js', 'keys', 'create', '--application', 'default', '--mode', 'test', '--json'];
const made = execFileSync(process.execPath, [...words, '--scopes', 'send,check,read,admin'], {
  env: { ...process.env, DATABASE_URL: databaseUrl },
});
const { key } = JSON.parse(made);
const watchword = createWatchword({ databaseUrl, worker: false, log: () => undefined });
let numbers = 0;

async function call(path, body, { form = false, basic = null, method = 'POST' } = {}) {
  const authorization = basic === null ? `Bearer ${key}` : `Basic ${btoa(`${basic}:${key}`)}`;
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
  const text = form ? new URLSearchParams(body).toString() : JSON.stringify(body);
  const init = { method, headers: { authorization, 'content-type': type }, body: text };
  const response = await watchword.handler(new Request(`http://localhost${path}`, init));
  const answer = await response.text();
  if (response.status >= 300) throw new Error(`${path}: ${response.status} ${answer}`);
  return answer === '' ? {} : JSON.parse(answer);
}

/** A number nobody has used; +1 212 555 xxxx and on. */
function fresh() {
  const n = numbers++;
  return `+1${212 + Math.floor(n / 7_000_000)}${String(2_000_000 + (n % 7_000_000))}`;
}

const { id } = await firstApplication();
const compat = ['twilio', 'phone-verify', 'otp', 'camara'];
const { twilio } = await call(`/v1/applications/${id}`, { compat, test_code: CODE }, { method: 'PATCH' });
await new Promise((resolve) => setTimeout(resolve, 1_100));

async function firstApplication() {
  const { application } = await call('/v1/verifications', { to: fresh() });
  return { id: application };
}

const basic = { form: true, basic: twilio.account_sid };
const root = `/twilio/v2/Services/${twilio.service_sid}`;
const camara = '/camara/one-time-password-sms/v1';
const native = (purpose, byId = false) => ({
  start: (to) => call('/v1/verifications', { to, purpose }),
  check: (to, one) =>
    byId ? call(`/v1/verifications/${one.id}/checks`, { code: CODE }) : call('/v1/checks', { to, purpose, code: CODE }),
});

const LEGS = {
  'phone-verify': [
    native('phone_verification'),
    {
      start: (to) => call('/api/phone/register', { phone_number: to }),
      check: (to, one) =>
        call('/api/phone/verify', { phone_number: to, security_code: CODE, session_token: one.session_token }),
    },
  ],
  otp: [
    native('otp'),
    {
      start: (to) => call('/otp/send', { destination: to }),
      check: (to) => call('/otp/verify', { destination: to, code: CODE }),
    },
  ],
  twilio: [
    native('twilio_verify'),
    {
      start: (to) => call(`${root}/Verifications`, { To: to, Channel: 'sms' }, basic),
      check: (to) => call(`${root}/VerificationCheck`, { To: to, Code: CODE }, basic),
    },
  ],
  camara: [
    native('one_time_password_sms', true),
    {
      start: (to) => call(`${camara}/send-code`, { phoneNumber: to, message: '{{code}}' }),
      check: (_to, one) => call(`${camara}/validate-code`, { authenticationId: one.authenticationId, code: CODE }),
    },
  ],
};

/** CPU µs per request of starting and of checking `COUNT` numbers, eight at a time. */
async function block(leg) {
  const items = Array.from({ length: COUNT }, () => ({ to: fresh(), one: null }));
  const start = await timed(items, async (item) => void (item.one = await leg.start(item.to)));
  const check = await timed(items, (item) => leg.check(item.to, item.one));
  return { start, check };
}

async function timed(items, run) {
  globalThis.gc?.();
  const before = process.cpuUsage();
  const queue = items.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const item of queue) await run(item);
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / items.length;
}

const rows = [];
for (const [name, legs] of Object.entries(LEGS)) {
  if (ONLY !== undefined && name !== ONLY) continue;
  for (const leg of legs) await block(leg);
  const blocks = legs.map(() => []);
  // The order turns round every time, so that neither always runs on the bigger table.
  for (let round = 0; round < ROUNDS; round++)
    for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) blocks[at].push(await block(legs[at]));
  for (const step of ['start', 'check']) {
    const [own, theirs] = blocks.map((list) => list.map((one) => one[step]));
    const ratios = own.map((value, round) => theirs[round] / value);
    rows.push([
      name,
      step,
      micros(own),
      micros(theirs),
      ratio(median(ratios)),
      `${ratio(min(ratios))}–${ratio(max(ratios))}`,
    ]);
    if (median(ratios) > BUDGET) process.exitCode = 1;
  }
}
console.log(
  `| façade | step | native, CPU µs | façade, CPU µs | ratio | lowest–highest |\n| --- | --- | --- | --- | --- | --- |`,
);
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
console.log(`\n${ROUNDS} rounds of ${COUNT} each, Node ${process.version}`);
await watchword.close();
rmSync(folder, { recursive: true, force: true });

function micros(list) {
  return Math.round(median(list));
}
function ratio(value) {
  return value.toFixed(2);
}
function median(list) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
function min(list) {
  return Math.min(...list);
}
function max(list) {
  return Math.max(...list);
}
