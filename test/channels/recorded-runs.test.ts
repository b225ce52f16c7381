import { createHmac } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ChannelTools, createChannel } from '../../src/channels/index.ts';
import type { SmppPdu } from '../../src/channels/smpp/package.ts';
import { secret } from '../../src/core/redacted.ts';
import type { ChannelName } from '../../src/core/verification.ts';
import type { SuppressionView } from '../../src/core/views.ts';
import type { Channel, DeliveryReport } from '../../src/ports/channel.ts';
import { createHttpWorld } from '../support/world.ts';
import { makeCertificate, type TestCertificate } from './support/certificate.ts';
import { startMailSink } from './support/mail-sink.ts';
import { startMessageCentre } from './support/message-centre.ts';
import { emailMessage, NOW, patient, recordingTools, smsMessage } from './support/messages.ts';
import { startProviderServer } from './support/provider-server.ts';
import { answerStep, outcomeText, recorded, requestStep, type Run, type Step } from './support/recorded-run.ts';

/** Where the service seems to be. */
const ORIGIN = 'http://localhost';
const GATEWAY_KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const GATEWAY_SECRET = `whsec_${GATEWAY_KEY.toString('base64')}`;

let certificate: TestCertificate;
beforeAll(() => {
  certificate = makeCertificate();
});
afterAll(() => certificate.remove());

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function channelFor(dsn: string, kind: ChannelName, tools: Partial<ChannelTools> = {}): Promise<Channel> {
  const channel = await createChannel(secret(dsn), kind, { ...recordingTools(), ...tools });
  open.push(async () => channel.close?.());
  return channel;
}

function expectShown(run: Run): void {
  const { shown, seen } = recorded(run);
  expect(shown).toBe(seen);
}

it('an e-mail over SMTP is what is recorded', async () => {
  const spoken: string[] = [];
  const heed = (_data: unknown, who: unknown, line: unknown): void => {
    if (who === 'C:' || who === 'S:') spoken.push(`${who} ${String(line).replaceAll('\r\n', '\n')}`);
  };
  const quiet = (): void => undefined;
  const logger = { trace: quiet, debug: heed, info: quiet, warn: quiet, error: quiet, fatal: quiet };
  const sink = await startMailSink(certificate, { logger, name: 'mail.example' } as object);
  open.push(() => sink.close());
  const login = 'mailer%40acme.example:p%40ss%2Fw%3Ard';
  const options = `from=Acme%20<no-reply@acme.example>&tls=required&ca=${certificate.certPath}`;
  const channel = await channelFor(`smtp://${login}@127.0.0.1:${sink.port}?${options}`, 'email');
  const outcome = await channel.send(emailMessage(), patient());
  await channel.close?.();
  const raw = sink.mails[0]?.raw.replaceAll('\r\n', '\n') ?? '';
  const boundary = /boundary="?([^"\n;]+)"?/.exec(raw)?.[1] ?? 'none';
  const name = /EHLO (\S+)/.exec(spoken.join('\n'))?.[1] ?? 'none';
  expectShown({
    title: 'smtp, email',
    steps: [
      { language: 'text', text: spoken.map((line) => line.replace(/^(C: AUTH PLAIN) .*/, '$1 …')).join('\n') },
      { label: 'The message, after `354`:', language: 'text', text: raw },
    ],
    outcome: outcomeText(outcome),
    secrets: [boundary, name],
  });
});

/** The fields of a request, as the other side of the package reads them. */
function pduText(pdu: SmppPdu, names: readonly string[]): string {
  const plain = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'message' in value ? value.message : value;
  return [String(pdu.command), ...names.map((name) => `  ${name}: ${JSON.stringify(plain(pdu[name]))}`)].join('\n');
}

it('an SMS over SMPP with its receipt is what is recorded', async () => {
  const centre = await startMessageCentre();
  open.push(() => centre.close());
  const told: DeliveryReport[] = [];
  const report = async (_name: string, one: DeliveryReport): Promise<void> => void told.push(one);
  const dsn = `smpp://acme:s3cret@127.0.0.1:${centre.port}?from=ACME`;
  const channel = await channelFor(dsn, 'sms', { report });
  const outcome = await channel.send(smsMessage(), patient());
  const [[bind], [submit]] = [centre.binds, centre.submits];
  if (bind === undefined || submit === undefined) throw new Error('nobody came');
  const short_message =
    'id:id-1 sub:001 dlvrd:001 submit date:2601151030 done date:2601151031 stat:DELIVRD err:000 text:Your';
  const receipt = { esm_class: 0x04, source_addr: '14155552671', destination_addr: 'ACME', short_message };
  const answer = await centre.deliver(receipt);
  const addresses = ['source_addr_ton', 'source_addr', 'dest_addr_ton', 'dest_addr_npi', 'destination_addr'];
  const sent = [...addresses, 'data_coding', 'registered_delivery', 'short_message'];
  const receiptText = Object.entries(receipt).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
  expectShown({
    title: 'smpp, sms',
    steps: [
      { language: 'text', text: pduText(bind, ['system_id', 'password', 'interface_version']) },
      { language: 'text', text: pduText(submit, sent) },
      { label: 'Answer:', language: 'text', text: 'submit_sm_resp\n  command_status: 0\n  message_id: "id-1"' },
      { label: 'Later, from the centre:', language: 'text', text: ['deliver_sm', ...receiptText].join('\n') },
      { label: 'Answer:', language: 'text', text: `deliver_sm_resp\n  command_status: ${answer.command_status}` },
    ],
    outcome: `${outcomeText(outcome)}; ${told.map(({ messageId, status }) => `${messageId} is ${status}`).join()}`,
    secrets: ['s3cret'],
  });
});

it('an SMS for a program is what is recorded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ww-exec-'));
  open.push(() => rm(folder, { recursive: true, force: true }));
  const text = `#!/bin/sh\ncat > ${folder}/message.json\necho modem-17\n`;
  await writeFile(`${folder}/send-sms`, text);
  await chmod(`${folder}/send-sms`, 0o700);
  const channel = await channelFor(`exec://${folder}/send-sms`, 'sms');
  const outcome = await channel.send(smsMessage(), patient());
  expectShown({
    title: 'exec, sms',
    steps: [
      { label: 'The program:', language: 'sh', text },
      { label: 'On its standard input:', language: 'text', text: await readFile(`${folder}/message.json`, 'utf8') },
      { label: 'On its standard output, with exit code 0:', language: 'text', text: 'modem-17' },
    ],
    outcome: outcomeText(outcome),
    secrets: [folder],
  });
});

it('an SMS for a gateway of one’s own is what is recorded', async () => {
  const reply = { status: 200, body: '{"id":"gw-17"}' };
  const server = await startProviderServer(reply);
  open.push(() => server.close());
  const dsn = `webhook://127.0.0.1:${server.port}/otp?secret=${encodeURIComponent(GATEWAY_SECRET)}&tls=0`;
  const outcome = await (await channelFor(dsn, 'sms')).send(smsMessage(), patient());
  const [call] = server.calls;
  if (call === undefined) throw new Error('nobody was asked');
  const steps = [requestStep(call), answerStep(reply)];
  expectShown({ title: 'webhook, sms', steps, outcome: outcomeText(outcome), secrets: [] });
});

/** A service whose SMS go through this provider, with one sent; and its callbacks. */
async function callbacksOf(dsn: (port: number) => string, reply: { readonly status: number; readonly body: string }) {
  const server = await startProviderServer(reply);
  open.push(() => server.close());
  const clock = { now: NOW };
  const channel = await channelFor(dsn(server.port), 'sms', { now: () => clock.now });
  const world = await createHttpWorld({ providers: { sms: [channel] }, clock });
  open.push(() => world.close());
  const started = await world.service.verify.start(world.caller(), { to: '+14155552671' });
  await world.service.worker.tick();
  const id = started.ok ? started.value.verification.id : '';
  const api = world.api;
  return {
    clock,
    async post(path: string, body: string, headers: Readonly<Record<string, string>>): Promise<readonly Step[]> {
      const response = await api.request(path, { method: 'POST', headers, body });
      const text = (await response.text()).replace(/"request_id":"[^"]*"/, '"request_id":"…"');
      const answer = answerStep({ status: response.status, body: text });
      return [requestStep({ method: 'POST', url: path, headers, body }), answer];
    },
    async send(): Promise<string> {
      const { status, cost, segments } = (await world.call('GET', `/v1/verifications/${id}/sends`)).body['data'][0];
      return `the send is ${status}, segments ${segments ?? 'unknown'}, cost ${cost ?? 'unknown'}`;
    },
    async suppressed(): Promise<string> {
      const { data } = (await world.call('GET', '/v1/lists/suppressions')).body;
      return `the suppression list has ${data.map(({ reason, by }: SuppressionView) => `${reason} by ${by.replace(/\d+$/, '…')}`).join()}`;
    },
  };
}

it('a delivery report of a provider, believed and not believed, is what is recorded', async () => {
  const sid = `AC${'0123456789abcdef'.repeat(2)}`;
  const token = 'auth-token-of-the-account';
  const message = 'SM0123456789abcdef0123456789abcdef';
  const reply = { status: 201, body: JSON.stringify({ sid: message, status: 'queued', num_segments: '1' }) };
  const callbacks = await callbacksOf((port) => `twilio://${sid}:${token}@127.0.0.1:${port}?from=ACME&tls=0`, reply);
  const fields = { AccountSid: sid, MessageSid: message, MessageStatus: 'delivered', To: '+14155552671', From: 'ACME' };
  const content = Object.entries(fields).toSorted().flat().join('');
  const signature = createHmac('sha1', token).update(`${ORIGIN}/callbacks/twilio${content}`);
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(fields).toString();
  const forged = await callbacks.post('/callbacks/twilio', body, { ...type, 'x-twilio-signature': 'Zm9yZ2Vk' });
  const before = await callbacks.send();
  const signed = { ...type, 'x-twilio-signature': signature.digest('base64') };
  const believed = await callbacks.post('/callbacks/twilio', body, signed);
  expectShown({
    title: 'receipts, twilio',
    steps: [
      { ...forged[0], label: 'With a signature that is not right:' } as Step,
      ...forged.slice(1),
      ...labelled(believed),
    ],
    outcome: `${before} at first, then ${await callbacks.send()}`,
    secrets: [token],
  });
});

it('a delivery report and a STOP from a gateway of one’s own are what is recorded', async () => {
  const callbacks = await callbacksOf(
    (port) => `webhook://127.0.0.1:${port}/otp?secret=${encodeURIComponent(GATEWAY_SECRET)}&tls=0`,
    { status: 200, body: '{"id":"gw-17"}' },
  );
  const post = async (id: string, event: object): Promise<readonly Step[]> => {
    const body = JSON.stringify(event);
    const time = String(Math.floor(callbacks.clock.now / 1000));
    const signature = createHmac('sha256', GATEWAY_KEY).update(`${id}.${time}.${body}`).digest('base64');
    return callbacks.post('/callbacks/webhook', body, {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': `v1,${signature}`,
    });
  };
  const report = await post('evt-1', {
    type: 'message.report',
    data: { id: 'gw-17', status: 'delivered', segments: '1' },
  });
  const stop = await post('evt-2', { type: 'message.received', data: { from: '+14155552671', text: 'STOP' } });
  expectShown({
    title: 'receipts, webhook',
    steps: [...report, ...stop],
    outcome: `${await callbacks.send()}; ${await callbacks.suppressed()}`,
    secrets: [],
  });
});

function labelled(steps: readonly Step[]): readonly Step[] {
  return steps.map((step, at) => (at === 0 ? { label: 'Signed as it must be:', ...step } : step));
}
