import { describe, expect, it } from 'vitest';
import { createChannel } from '../../../src/channels/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import type { ReportReading } from '../../../src/ports/channel.ts';
import { CODE, patient, recordingTools, smsMessage } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { startProviderServer } from '../support/provider-server.ts';
import { posted, readReport, reportsOf } from '../support/reports.ts';

const KEY = 'keyOfTheAccountInThePath';

const refused = (status: number, message: string): string =>
  JSON.stringify({ return: { status, message }, entries: null });
const accepted = (entries: unknown): string =>
  JSON.stringify({ return: { status: 200, message: 'تایید شد' }, entries });
const ENTRY = { messageid: 8792343, message: '…', status: 1, statustext: 'در صف ارسال', cost: 120 };

type Kind = 'rejected' | 'misconfigured' | 'unavailable' | 'invalid_destination';
const ERRORS: readonly (readonly [number, string, Kind])[] = [
  [400, 'پارامترها ناقص هستند', 'rejected'],
  [401, 'حساب کاربری غیرفعال شده است', 'misconfigured'],
  [402, 'عملیات ناموفق بود', 'unavailable'],
  [403, `کد شناسائی ${KEY} معتبر نمی‌باشد`, 'misconfigured'],
  [404, 'متد نامشخص است', 'misconfigured'],
  [405, 'متد Get/Post اشتباه است', 'misconfigured'],
  [406, 'پارامترهای اجباری خالی ارسال شده اند', 'misconfigured'],
  [407, 'دسترسی به اطلاعات مورد نظر برای شما امکان پذیر نیست', 'misconfigured'],
  [409, 'سرور قادر به پاسخگوئی نیست بعدا تلاش کنید', 'unavailable'],
  [411, 'دریافت کننده 0014155552671 نامعتبر است', 'invalid_destination'],
  [412, 'ارسال کننده نامعتبر است', 'misconfigured'],
  [413, 'پیام خالی است یا طول پیام بیش از حد مجاز می‌باشد', 'rejected'],
  [414, 'حجم درخواست بیشتر از حد مجاز است', 'rejected'],
  [417, 'تاریخ ارسال اشتباه است', 'rejected'],
  [418, 'اعتبار شما کافی نمی‌باشد', 'misconfigured'],
  [422, 'داده ها به دلیل وجود کاراکتر نامناسب قابل پردازش نیست', 'rejected'],
  [424, 'الگوی مورد نظر پیدا نشد', 'misconfigured'],
  [426, 'استفاده از این متد نیازمند سرویس پیشرفته می‌باشد', 'misconfigured'],
  [428, 'ارسال کد از طریق تماس تلفنی امکان پذیر نیست', 'misconfigured'],
  [431, 'ساختار کد صحیح نمی‌باشد', 'rejected'],
  [432, 'پارامتر کد در متن پیام پیدا نشد', 'misconfigured'],
];

providerContract({
  scheme: 'kavenegar',
  channel: 'sms',
  dsn: (port) => `kavenegar://${KEY}@127.0.0.1:${port}?from=10004346&tls=0`,
  credentials: [KEY],
  success: { reply: { status: 200, body: accepted([ENTRY]) }, messageId: '8792343', terms: { price: '120 IRR' } },
  request(call, message) {
    expect([call.method, call.url]).toEqual(['POST', `/v1/${KEY}/sms/send.json`]);
    expect(Object.fromEntries(new URLSearchParams(call.body))).toEqual({
      receptor: '0014155552671',
      sender: '10004346',
      message: message.text,
    });
  },
  errors: ERRORS.map(([status, words, kind]) => ({ code: String(status), status, body: refused(status, words), kind })),
  hollow: [
    { name: 'a refusal with status 200', body: refused(418, 'اعتبار'), kind: 'misconfigured' },
    { name: 'no entries', body: accepted(null), kind: 'unavailable' },
  ],
});

describe('a message for Kavenegar', () => {
  it('goes through the template when there is one', async () => {
    const server = await startProviderServer({ status: 200, body: accepted({ ...ENTRY, messageid: 77 }) });
    const dsn = `kavenegar://${KEY}@127.0.0.1:${server.port}?template=login&tls=0`;
    const channel = await createChannel(secret(dsn), 'sms', recordingTools());
    expect(await channel.send(smsMessage(), patient())).toEqual({
      type: 'accepted',
      messageId: '77',
      price: '120 IRR',
    });
    await server.close();
    expect(server.calls[0]?.url).toBe(`/v1/${KEY}/verify/lookup.json`);
    expect(Object.fromEntries(new URLSearchParams(server.calls[0]?.body))).toEqual({
      receptor: '0014155552671',
      template: 'login',
      token: CODE,
    });
  });

  it('never shows the key that is part of its address', async () => {
    const server = await startProviderServer({ status: 302, body: '', headers: { location: `/v1/${KEY}/moved` } });
    const dsn = `kavenegar://${KEY}@127.0.0.1:${server.port}?tls=0`;
    const channel = await createChannel(secret(dsn), 'sms', recordingTools());
    const redirected = await channel.send(smsMessage(), patient());
    await server.close();
    const unreachable = await channel.send(smsMessage(), patient());
    expect(unreachable).toMatchObject({ type: 'failure', kind: 'unavailable' });
    expect(JSON.stringify([redirected, unreachable, channel.name, channel])).not.toContain(KEY);
  });
});

const SECRET = '0123456789abcdef';
const DSN = `kavenegar://${KEY}@default?callback_secret=${SECRET}`;
const ADDRESS = `https://otp.acme.example/callbacks/kavenegar/${SECRET}`;
const get = (query: string, address = ADDRESS): Promise<ReportReading> =>
  readReport(DSN, { ...posted('', {}, `${address}?${query}`), method: 'GET' }, 'sms');

describe('a status report of Kavenegar', () => {
  it.each([
    ['4', 'sent', null],
    ['10', 'delivered', null],
    ['6', 'failed', 'status 6'],
    ['11', 'undelivered', 'status 11'],
  ])('reads status %s as %s', async (status, expected, error) => {
    expect(reportsOf(await get(`messageid=8792343&status=${status}`))).toMatchObject([
      { messageId: '8792343', status: expected, error, suppress: null },
    ]);
  });

  it('takes a form too', async () => {
    const reading = await readReport(DSN, posted('messageid=1&status=10', {}, ADDRESS), 'sms');
    expect(reportsOf(reading)).toMatchObject([{ messageId: '1', status: 'delivered' }]);
  });

  it('knows that the person has switched such messages off', async () => {
    expect(reportsOf(await get('messageid=1&status=14'))).toMatchObject([{ suppress: 'stop' }]);
  });

  it('means nothing with a status nobody knows', async () => {
    expect(reportsOf(await get('messageid=1&status=100'))).toEqual([]);
    expect(reportsOf(await get('status=10'))).toEqual([]);
  });

  it('is refused without the secret in its address', async () => {
    expect(await get('messageid=1&status=10', 'https://otp.acme.example/callbacks/kavenegar')).toMatchObject({
      type: 'refused',
    });
    expect(await get('messageid=1&status=10', `${ADDRESS}x`)).toMatchObject({ type: 'refused' });
  });
});
