import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { checkDsn, createChannel, dsnWarnings } from '../../../src/channels/index.ts';
import { parseDsn } from '../../../src/channels/dsn.ts';
import { createSmppChannel } from '../../../src/channels/smpp/channel.ts';
import { loadSmpp } from '../../../src/channels/smpp/package.ts';
import { partsOf } from '../../../src/channels/smpp/parts.ts';
import { STATUSES } from '../../../src/channels/smpp/status.ts';
import { secret } from '../../../src/core/redacted.ts';
import { smsSize } from '../../../src/core/segments.ts';
import type { Channel } from '../../../src/ports/channel.ts';
import { selfSigned } from '../../support/self-signed.ts';
import { type CentreScript, type MessageCentre, startMessageCentre } from '../support/message-centre.ts';
import { patient, recordingTools, smsMessage } from '../support/messages.ts';

const stop: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of stop.splice(0)) await end();
});

async function opened(
  script: CentreScript = {},
  options = '',
  scheme = 'smpp',
): Promise<{ centre: MessageCentre; channel: Channel }> {
  const centre = await startMessageCentre(script);
  const dsn = `${scheme}://acme:s3cret@127.0.0.1:${centre.port}?from=ACME${options}`;
  const channel = await createChannel(secret(dsn), 'sms', recordingTools());
  stop.push(async () => {
    await channel.close?.();
    await centre.close();
  });
  return { centre, channel };
}

/** The text of a message as the other side of the package decodes it. */
function textIn(field: unknown): string {
  return String((field as { readonly message: unknown }).message);
}

describe('an SMS over SMPP', () => {
  it('is submitted over a bound transceiver, and the centre’s id is kept', async () => {
    const { centre, channel } = await opened({}, '&system_type=otp&service_type=CMT');
    const message = smsMessage();
    expect(await channel.send(message, patient())).toEqual({ type: 'accepted', messageId: 'id-1' });
    expect(centre.binds).toMatchObject([
      { system_id: 'acme', password: 's3cret', system_type: 'otp', interface_version: 0x34 },
    ]);
    const [submit] = centre.submits;
    expect(submit).toMatchObject({
      service_type: 'CMT',
      source_addr_ton: 5,
      source_addr_npi: 0,
      source_addr: 'ACME',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr: '14155552671',
      data_coding: 0,
      esm_class: 0,
      registered_delivery: 1,
    });
    expect(textIn(submit?.['short_message'])).toBe(message.text);
  });

  it('uses one connection for all', async () => {
    const { centre, channel } = await opened();
    const sent = await Promise.all(Array.from({ length: 50 }, () => channel.send(smsMessage(), patient())));
    expect(new Set(sent.map((outcome) => outcome.type === 'accepted' && outcome.messageId)).size).toBe(50);
    expect(centre.binds).toHaveLength(1);
  });

  it.each([
    ['+12025550142', 1, 1, '12025550142'],
    ['12025550142', 1, 1, '12025550142'],
    ['72345', 3, 0, '72345'],
    ['Acme Bank', 5, 0, 'Acme Bank'],
  ])('from %s has ton %s and npi %s', async (from, ton, npi, address) => {
    const { centre, channel } = await opened();
    await channel.send(smsMessage({ from }), patient());
    expect(centre.submits[0]).toMatchObject({ source_addr_ton: ton, source_addr_npi: npi, source_addr: address });
  });

  it('takes kinds of addresses from the DSN before its own guess', async () => {
    const { centre, channel } = await opened({}, '&source_ton=0&source_npi=1&dest_ton=2&dest_npi=8');
    await channel.send(smsMessage(), patient());
    expect(centre.submits[0]).toMatchObject({
      source_addr_ton: 0,
      source_addr_npi: 1,
      dest_addr_ton: 2,
      dest_addr_npi: 8,
    });
  });

  it('is not sent from something that is no sender', async () => {
    const { centre, channel } = await opened();
    expect(await channel.send(smsMessage({ from: 'much too long a name' }), patient())).toMatchObject({
      kind: 'misconfigured',
      retry: 'final',
    });
    expect(centre.submits).toHaveLength(0);
  });

  it('says how long it is worth something', async () => {
    const { centre, channel } = await opened();
    const before = Date.now();
    await channel.send(smsMessage(), patient());
    // The package turns the relative time into a date.
    const until = centre.submits[0]?.['validity_period'] as Date;
    expect(Math.round((until.getTime() - before) / 1000)).toBeGreaterThanOrEqual(299);
    expect(Math.round((until.getTime() - before) / 1000)).toBeLessThanOrEqual(301);
  });
});

describe('the alphabet of an SMS over SMPP', () => {
  const GSM = '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà^{}\\[~]|€';

  it.each([
    ['all signs of GSM 7 bit', GSM, 0],
    ['Greek small letters', 'Ο κωδικός σας είναι 048213', 8],
    ['Arabic', 'رمز التحقق 048213', 8],
    ['signs beyond the basic plane', 'Code 048213 🔐', 8],
  ])('carries %s unchanged', async (_name, text, coding) => {
    const { centre, channel } = await opened();
    await channel.send(smsMessage({ text }), patient());
    expect(centre.submits[0]?.['data_coding']).toBe(coding);
    expect(textIn(centre.submits[0]?.['short_message'])).toBe(text);
  });
});

const LONG_GSM = `Code 048213. ${'[abc] '.repeat(60)}`;
const LONG_UCS2 = `Код 048213. ${'🔐я'.repeat(60)}`;

describe('a text that is too long for one SMS', () => {
  it.each([
    ['GSM', LONG_GSM],
    ['UCS-2', LONG_UCS2],
  ])('goes out in parts with a header each (%s)', async (_name, text) => {
    const { centre, channel } = await opened();
    const outcome = await channel.send(smsMessage({ text }), patient());
    const parts = centre.submits;
    expect(outcome).toEqual({ type: 'accepted', messageId: `id-${parts.length}` });
    expect(parts.length).toBe(smsSize(text).segments);
    expect(parts.map((part) => textIn(part['short_message'])).join('')).toBe(text);
    expect(parts.map((part) => part['registered_delivery'])).toEqual(
      parts.map((_, i) => Number(i === parts.length - 1)),
    );
    for (const [index, part] of parts.entries()) {
      expect(part['esm_class']).toBe(0x40);
      const [header] = (part['short_message'] as { readonly udh: readonly Buffer[] }).udh;
      expect([...(header ?? [])].slice(-2)).toEqual([parts.length, index + 1]);
    }
  });

  it('goes out in parts with fields beside them', async () => {
    const { centre, channel } = await opened({}, '&long=sar');
    await channel.send(smsMessage({ text: LONG_GSM }), patient());
    expect(centre.submits.map((part) => textIn(part['short_message'])).join('')).toBe(LONG_GSM);
    const total = centre.submits.length;
    expect(centre.submits.map((part) => [part['sar_total_segments'], part['sar_segment_seqnum']])).toEqual(
      centre.submits.map((_, index) => [total, index + 1]),
    );
    expect(new Set(centre.submits.map((part) => part['sar_msg_ref_num'])).size).toBe(1);
  });

  it('goes out whole in one field', async () => {
    const { centre, channel } = await opened({}, '&long=payload');
    await channel.send(smsMessage({ text: LONG_UCS2 }), patient());
    expect(centre.submits).toHaveLength(1);
    expect(centre.submits[0]?.['data_coding']).toBe(8);
    expect(textIn(centre.submits[0]?.['message_payload'])).toBe(LONG_UCS2);
  });

  it('never has a sign cut in two, nor a part that is too long', () => {
    const sign = fc.constantFrom('a', '€', '[', 'я', '🔐', '\n', 'ß');
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 500 }), fc.constantFrom('udh', 'sar'), (signs, long) => {
        const text = signs.join('');
        const parts = partsOf(text, long as 'udh' | 'sar', 7);
        expect(parts.length).toBe(Math.max(smsSize(text).segments, 1));
        for (const { data_coding, esm_class, short_message } of parts) {
          const body = short_message.subarray(esm_class === 0 ? 0 : 6);
          expect(body.length).toBeLessThanOrEqual(
            parts.length === 1 ? (data_coding ? 140 : 160) : data_coding ? 134 : 153,
          );
          if (data_coding === 0) expect(body.at(-1)).not.toBe(0x1b);
          else expect(Buffer.from(body).swap16().toString('utf16le')).not.toMatch(/[\ud800-\udbff]$|^[\udc00-\udfff]/);
        }
      }),
    );
  });

  it('stops at the first part that is refused', async () => {
    const { centre, channel } = await opened({ submit: (_pdu, index) => (index === 1 ? 0x58 : 0) });
    expect(await channel.send(smsMessage({ text: LONG_GSM }), patient())).toMatchObject({ kind: 'rate_limited' });
    expect(centre.submits).toHaveLength(2);
  });
});

describe('an error of the message centre', () => {
  it.each(Object.entries(STATUSES).map(([status, { name, kind }]) => [name, Number(status), kind] as const))(
    '%s is understood',
    async (name, status, kind) => {
      const { channel } = await opened({ submit: status });
      const retry = kind === 'unavailable' || kind === 'rate_limited' ? 'retry' : 'final';
      expect(await channel.send(smsMessage(), patient())).toEqual({ type: 'failure', kind, retry, detail: name });
    },
  );

  it('that only this centre knows counts as a refusal', async () => {
    const { channel } = await opened({ submit: 0x00000443 });
    expect(await channel.send(smsMessage(), patient())).toMatchObject({
      kind: 'rejected',
      retry: 'final',
      detail: '0x00000443',
    });
  });

  it.each([
    [0x0e, 'misconfigured', 'final'],
    [0x0f, 'misconfigured', 'final'],
    [0x0d, 'misconfigured', 'final'],
    [0x08, 'unavailable', 'retry'],
  ])('%s at the bind is %s', async (bind, kind, retry) => {
    const { centre, channel } = await opened({ bind });
    expect(await channel.send(smsMessage(), patient())).toMatchObject({ kind, retry });
    expect(centre.submits).toHaveLength(0);
  });
});

describe('a connection to the message centre', () => {
  it('that cannot be made, or ends before the message, allows another try', async () => {
    const { centre, channel } = await opened({ bind: 'drop' });
    expect(await channel.send(smsMessage(), patient())).toMatchObject({ kind: 'unavailable' });
    await centre.close();
    expect(await channel.send(smsMessage(), patient())).toMatchObject({
      kind: 'unavailable',
      retry: 'retry',
      detail: 'connection failed (ECONNREFUSED)',
    });
  });

  it('that ends or stays silent after the message leaves open what became of it', async () => {
    const { centre, channel } = await opened({ submit: 'drop' });
    expect(await channel.send(smsMessage(), patient())).toMatchObject({ kind: 'unavailable', retry: 'once' });
    centre.script = { submit: 'silent' };
    expect(await channel.send(smsMessage(), AbortSignal.timeout(100))).toMatchObject({
      kind: 'unavailable',
      retry: 'once',
      detail: 'no answer in time after the message was handed over',
    });
  });

  it('that stays silent at the bind does not', async () => {
    const { channel } = await opened({ bind: 'silent' });
    expect(await channel.send(smsMessage(), AbortSignal.timeout(100))).toMatchObject({
      kind: 'unavailable',
      retry: 'retry',
      detail: 'no answer in time',
    });
  });

  it('is encrypted with smpps, and not made with a certificate nobody trusts', async () => {
    const { centre, channel } = await opened({ tls: selfSigned() }, '', 'smpps');
    expect(await channel.send(smsMessage(), patient())).toMatchObject({
      kind: 'misconfigured',
      retry: 'retry',
      detail: expect.stringContaining('CERT') as string,
    });
    expect(centre.binds).toHaveLength(0);
  });

  it('never shows the password or the number', async () => {
    const { channel } = await opened({ bind: 0x0e });
    const outcome = await channel.send(smsMessage(), patient());
    expect(JSON.stringify([outcome, channel.name])).not.toMatch(/s3cret|4155552671/);
  });
});

describe('trying a message centre', () => {
  it('says nothing when it works, and what to check when it does not', async () => {
    const { centre, channel } = await opened();
    expect(await channel.probe?.(patient())).toBe(null);
    expect(centre.submits).toHaveLength(0);
    centre.script = { bind: 0x0e };
    expect(await channel.probe?.(patient())).toMatch(/ESME_RINVPASWD\. Check system id, password/);
    await centre.close();
    expect(await channel.probe?.(patient())).toMatch(/ECONNREFUSED\)\. Check host, port/);
  });
});

describe('a DSN for SMPP', () => {
  it.each([
    ['smpp://acme:s3cret@smsc.example', /option from is missing/],
    ['smpp://acme@smsc.example?from=A', /password is missing/],
    ['smpp://smsc.example?from=A', /user is missing/],
    ['smpp://acme:s3cret@?from=A', /host is missing/],
    ['smpp://acme:s3cret@smsc.example?from=ABCDEFGHIJKLMN', /option from must be/],
    ['smpp://acme:s3cret@smsc.example?from=A&long=split', /option long must be/],
    ['smpp://acme:s3cret@smsc.example?from=A&dest_ton=99', /option dest_ton must be/],
    ['smpp://acme:s3cret@smsc.example?from=A&system_type=waytoolongfor', /option system_type/],
    ['smpp://a-system-id-too-long:s3cret@smsc.example?from=A', /system id of at most 15/],
    ['smpp://acme:s3cret@smsc.example/x?from=A', /takes no path/],
    ['smpp://acme:s3cret@smsc.example?from=A&tls=0', /option it does not know/],
  ])('is refused: %s', (dsn, problem) => {
    expect(checkDsn(dsn, 'sms')).toMatch(problem);
  });

  it('is only for SMS, and warns when it is not encrypted', () => {
    expect(checkDsn('smpp://acme:s3cret@smsc.example?from=A', 'voice')).toMatch(/cannot carry voice/);
    expect(dsnWarnings('smpp://acme:s3cret@smsc.example?from=A')).toEqual([expect.stringContaining('unencrypted')]);
    expect(dsnWarnings('smpps://acme:s3cret@smsc.example?from=A')).toEqual([]);
  });

  it('S3.37: cannot be used without the package, which the error names with the command', async () => {
    const parsed = parseDsn('smpp://acme:s3cret@smsc.example?from=A');
    if (!parsed.ok) throw new Error(parsed.problem);
    const missing = (): Promise<never> => Promise.reject(new Error("Cannot find package 'smpp'"));
    const opening = createSmppChannel(parsed.value, recordingTools(), () => loadSmpp(missing));
    await expect(opening).rejects.toThrow(
      'needs the package smpp, which is not installed. Install it with: npm install smpp',
    );
  });
});
