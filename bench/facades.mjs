// What a façade costs beside the native call that does the same: CPU of the whole process for each request, native and façade in turns,
// without a socket, and the ratio of their medians. `node bench/facades.mjs [requests] [rounds] [façade]` takes requests × rounds pairs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWatchword } from '../dist/index.js';

const PAIRS = Number(process.argv[2] ?? 40) * Number(process.argv[3] ?? 41);
/** Pairs before any counts: both ways compiled, every cache filled. */
const WARM_UP = 300;
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

/** CPU µs of one act, and what it answered. */
async function timed(act) {
  const before = process.cpuUsage();
  const answer = await act();
  const { user, system } = process.cpuUsage(before);
  return { answer, cpu: user + system };
}

/** One start and one check over each leg, one request after the other; the order turns round every time. */
async function pair(legs, turn) {
  const spent = { start: [0, 0], check: [0, 0] };
  for (const at of turn % 2 === 0 ? [0, 1] : [1, 0]) {
    const to = fresh();
    const start = await timed(() => legs[at].start(to));
    const check = await timed(() => legs[at].check(to, start.answer));
    spent.start[at] = start.cpu;
    spent.check[at] = check.cpu;
  }
  return spent;
}

const rows = [];
for (const [name, legs] of Object.entries(LEGS)) {
  if (ONLY !== undefined && name !== ONLY) continue;
  for (let turn = 0; turn < WARM_UP; turn++) await pair(legs, turn);
  const pairs = [];
  for (let turn = 0; turn < PAIRS; turn++) pairs.push(await pair(legs, turn));
  for (const step of ['start', 'check']) {
    const [own, theirs] = [0, 1].map((at) => pairs.map((one) => one[step][at]));
    const [lower, middle] = [0.25, 0.5].map((part) => quantile(theirs, part) / quantile(own, part));
    rows.push([name, step, quantile(own, 0.5), quantile(theirs, 0.5), middle.toFixed(2), lower.toFixed(2)]);
    if (middle > BUDGET) process.exitCode = 1;
  }
}
console.log(
  `| façade | step | native, CPU µs | façade, CPU µs | ratio | lower quartile |\n| --- | --- | --- | --- | --- | --- |`,
);
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
console.log(`\n${PAIRS} pairs of requests each, Node ${process.version}`);
await watchword.close();
rmSync(folder, { recursive: true, force: true });

/** The value that this part of a list is below. */
function quantile(list, part) {
  return list.toSorted((left, right) => left - right)[Math.floor(list.length * part)];
}
