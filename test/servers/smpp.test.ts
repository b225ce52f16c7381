import { afterEach, beforeEach, expect, it } from 'vitest';
import { createChannel } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import { smsSize } from '../../src/core/segments.ts';
import type { Channel, DeliveryReport } from '../../src/ports/channel.ts';
import { patient, recordingTools, smsMessage } from '../channels/support/messages.ts';
import { suiteUnless } from '../support/servers/suite.ts';
import { type CentreEvent, missingPerlCentre, type PerlCentre, startPerlCentre } from '../support/perl-centre.ts';

suiteUnless(missingPerlCentre(), 'SMPP with a message centre of other makers', suite);

function suite(): void {
  let centre: PerlCentre;
  let reports: DeliveryReport[];
  const open: Channel[] = [];

  beforeEach(async () => {
    centre = await startPerlCentre();
    reports = [];
  });
  afterEach(async () => {
    for (const channel of open.splice(0)) await channel.close?.();
    await centre.close();
  });

  async function channelWith(options = '', password = 's3cret'): Promise<Channel> {
    const dsn = `smpp://acme:${password}@127.0.0.1:${centre.port}?from=ACME${options}`;
    const report = async (_name: string, found: DeliveryReport): Promise<void> => void reports.push(found);
    const channel = await createChannel(secret(dsn), 'sms', { ...recordingTools(), report });
    open.push(channel);
    return channel;
  }

  const submits = (): readonly CentreEvent[] => centre.heard.filter(({ event }) => event === 'submit');
  const octets = (field: unknown): Buffer => Buffer.from(String(field), 'hex');
  const ucs2 = (bytes: Buffer): string => Buffer.from(bytes).swap16().toString('utf16le');

  it('binds, submits with all fields, and the receipt finds the id', async () => {
    const channel = await channelWith();
    const text = 'Your code is 048213.';
    const taken = await channel.send(smsMessage({ text }), patient());
    await centre.next('alive');
    expect(await centre.next('bind')).toMatchObject({ system_id: 'acme', version: 0x34 });
    expect(await centre.next('submit')).toMatchObject({
      source_addr: 'ACME',
      source_addr_ton: 5,
      source_addr_npi: 0,
      destination_addr: '14155552671',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      esm_class: 0,
      data_coding: 0,
      registered_delivery: 1,
      validity_period: '000000000500000R',
      short_message: Buffer.from(text).toString('hex'),
    });
    expect(reports).toMatchObject([{ messageId: taken.type === 'accepted' && taken.messageId, status: 'delivered' }]);
    expect(await centre.next('receipt_answered')).toMatchObject({ status: 0 });
  });

  it.each([
    ['GSM 7 bit, with its own codes', '@£€ [ä] ΔΩ', 0, '0001 1b65 20 1b3c 7b 1b3e 20 10 15'],
    ['UCS-2', 'Код 🔐', 8, '041a 043e 0434 0020 d83d dd10'],
  ])('carries %s', async (_name, text, coding, hex) => {
    await (await channelWith()).send(smsMessage({ text }), patient());
    expect(await centre.next('submit')).toMatchObject({ data_coding: coding, short_message: hex.replaceAll(' ', '') });
  });

  it('puts long texts into parts with a header, with fields, or into one field; one receipt comes for all', async () => {
    const text = `Код 048213. ${'🔐я'.repeat(60)}`;
    const { segments } = smsSize(text);
    await (await channelWith()).send(smsMessage({ text }), patient());
    await centre.next('alive');
    const parts = submits().map(({ short_message }) => octets(short_message));
    expect(parts.map((part) => [...part.subarray(0, 3), part[4], part[5]])).toEqual(
      Array.from({ length: segments }, (_, index) => [5, 0, 3, segments, index + 1]),
    );
    expect(parts.map((part) => ucs2(part.subarray(6))).join('')).toBe(text);
    expect(submits().map(({ esm_class }) => esm_class)).toEqual(parts.map(() => 0x40));
    expect(reports).toHaveLength(1);

    await (await channelWith('&long=sar')).send(smsMessage({ text }), patient());
    // The answer on the wire may come before what the centre tells by its pipe.
    await centre.next('submit', 2 * segments);
    const beside = submits().slice(segments);
    expect(beside.map((part) => [part['sar_total_segments'], part['sar_segment_seqnum']])).toEqual(
      beside.map((_, index) => [`0${segments}`, `0${index + 1}`]),
    );
    expect(beside.map(({ short_message }) => ucs2(octets(short_message))).join('')).toBe(text);

    await (await channelWith('&long=payload')).send(smsMessage({ text }), patient());
    const whole = await centre.next('submit', 2 * segments + 1);
    expect(whole).toMatchObject({ short_message: '', data_coding: 8 });
    expect(ucs2(octets(whole['message_payload']))).toBe(text);
  });

  it.each([
    ['+14155551000', 'undelivered', 'undeliv err 034'],
    ['+14155552000', 'delivered', null],
  ])('reads the receipt for %s: %s', async (to, status, error) => {
    const taken = await (await channelWith()).send(smsMessage({ to }), patient());
    await centre.next('receipt_answered');
    expect(reports).toMatchObject([{ messageId: taken.type === 'accepted' && taken.messageId, status, error }]);
  });

  it('knows a message again whose id is hex when it is taken and decimal in the receipt', async () => {
    const taken = await (await channelWith('&system_type=hexdec&receipt_ids=decimal')).send(smsMessage(), patient());
    await centre.next('receipt_answered');
    expect(taken).toEqual({ type: 'accepted', messageId: String(0x0abc0001) });
    expect(reports).toMatchObject([{ messageId: String(0x0abc0001), status: 'delivered' }]);
  });

  it.each([
    [88, 'rate_limited', 'retry', 'ESME_RTHROTTLED'],
    [20, 'rate_limited', 'retry', 'ESME_RMSGQFUL'],
    [11, 'invalid_destination', 'final', 'ESME_RINVDSTADR'],
    [8, 'unavailable', 'retry', 'ESME_RSYSERR'],
    [69, 'rejected', 'final', 'ESME_RSUBMITFAIL'],
    [10, 'misconfigured', 'final', 'ESME_RINVSRCADR'],
  ])('understands the refusal %s', async (status, kind, retry, detail) => {
    const to = `+1415555${9000 + status}`;
    const outcome = await (await channelWith()).send(smsMessage({ to }), patient());
    expect(outcome).toEqual({ type: 'failure', kind, retry, detail });
  });

  it('knows nothing of a message after which the line ends, and connects again for the next', async () => {
    const channel = await channelWith();
    expect(await channel.send(smsMessage({ to: '+14155558000' }), patient())).toMatchObject({
      kind: 'unavailable',
      retry: 'once',
    });
    expect(await channel.send(smsMessage(), patient())).toMatchObject({ type: 'accepted' });
    expect((await centre.next('bind', 2)).event).toBe('bind');
  });

  it('is told of a wrong password, and takes leave', async () => {
    const barred = await channelWith('', 'wr0ng');
    expect(await barred.send(smsMessage(), patient())).toMatchObject({
      kind: 'misconfigured',
      detail: 'ESME_RINVPASWD',
    });
    expect(await barred.probe?.(patient())).toMatch(/ESME_RINVPASWD/);
    expect(await (await channelWith()).probe?.(patient())).toBeNull();
    expect((await centre.next('unbind')).event).toBe('unbind');
    expect(submits()).toHaveLength(0);
  });
}
