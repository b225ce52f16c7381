import { describe, expect, it } from 'vitest';
import { renderMessage, SUPPORTED_LOCALES } from '../../src/core/message.ts';
import { CHANNELS } from '../../src/core/verification.ts';
import { createPages } from '../../src/web/index.ts';
import { findCode, submittable } from '../../src/web/dev/message-text.tsx';
import { EMAIL, fakeService, pagesOptions, SMS, VOICE } from './fake-service.ts';

async function inbox(path = '/dev/inbox', entries = [SMS, EMAIL, VOICE]) {
  const { service, calls } = fakeService(entries);
  const answer = await createPages(service, pagesOptions()).request(path);
  return { answer, calls, html: await answer.text() };
}

describe('the inbox page', () => {
  it('lists every message and shows the newest with its code marked', async () => {
    const { answer, html } = await inbox();
    expect(answer.status).toBe(200);
    expect(html.match(/<li><a href="\/dev\/inbox\?message=/g)).toHaveLength(3);
    expect(html).toContain('SMS to <bdi>+14155552671</bdi>');
    expect(html.match(/<mark>048213<\/mark>/g)).toHaveLength(2);
    expect(html).toContain('/v1/verifications/<b>vrf_01SMS</b>/checks');
    expect(html).toContain('1 segment');
  });

  it('shows the message that the address names', async () => {
    const { html } = await inbox('/dev/inbox?message=snd_01EMAIL');
    expect(html).toContain('E-mail to <bdi>mara@bluegum.example</bdi>');
    expect(html).toContain('<mark>771902</mark>');
    expect(html).toContain('Your Acme code');
    expect(html).toContain('&lt;p&gt;Here is your Acme code');
  });

  it('shows the newest when the address names a message that is gone', async () => {
    const { html } = await inbox('/dev/inbox?message=snd_unknown');
    expect(html).toContain('SMS to <bdi>+14155552671</bdi>');
  });

  it('asks the service for one destination and keeps it in the box and the links', async () => {
    const { html, calls } = await inbox('/dev/inbox?to=%2B14155552671');
    expect(calls.looked).toEqual(['+14155552671']);
    expect(html).toContain('value="+14155552671"');
    expect(html).toContain('/dev/inbox?to=%2B14155552671&amp;message=snd_01SMS');
  });

  it('says so when nothing was sent to a destination', async () => {
    const { html } = await inbox('/dev/inbox?to=%2B4915228817386');
    expect(html).toContain('Nothing was sent there');
    expect(html).toContain('+4915228817386');
  });

  it('shows the first call when nothing was sent yet', async () => {
    const { html } = await inbox('/dev/inbox', []);
    expect(html).toContain('Nothing sent yet');
    expect(html).toContain('curl http://127.0.0.1:7070/v1/verifications');
    expect(html).toContain('ww_test_k39FqT7bYw2LmX0c');
  });

  it('changes nothing when it is read', async () => {
    const { calls } = await inbox('/dev/inbox?emptied=1');
    expect(calls.cleared).toBe(0);
  });
});

describe('emptying the inbox', () => {
  const own = { origin: 'http://127.0.0.1:7070', 'sec-fetch-site': 'same-origin' };
  const cases: [string, Record<string, string>, number][] = [
    ['from its own page is obeyed', own, 303],
    ['from its own page without fetch metadata is obeyed', { origin: own.origin }, 303],
    ['by a program without browser headers is obeyed', {}, 303],
    ['from another site is refused', { origin: 'https://evil.example' }, 403],
    ['from another site that fetch metadata names is refused', { 'sec-fetch-site': 'cross-site' }, 403],
    ['from a sister site is refused', { ...own, 'sec-fetch-site': 'same-site' }, 403],
    ['from a page without an origin is refused', { origin: 'null' }, 403],
    ['with an origin that only begins like ours is refused', { origin: `${own.origin}.evil.example` }, 403],
    ['with an origin on another port is refused', { origin: 'http://127.0.0.1:9999' }, 403],
  ];

  it.each(cases)('%s', async (_, headers, status) => {
    const { service, calls } = fakeService([SMS]);
    const pages = createPages(service, pagesOptions());
    const answer = await pages.request('http://127.0.0.1:7070/dev/inbox', { method: 'POST', headers });
    expect(answer.status).toBe(status);
    expect(calls.cleared).toBe(status === 303 ? 1 : 0);
    if (status === 303) expect(answer.headers.get('location')).toBe('/dev/inbox?emptied=1');
  });
});

describe('hostile messages', () => {
  const RTL = '\u202e';
  const markers = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', `evil${RTL}gnp.exe`, "'; rm -rf / #"];
  const fields = ['send_id', 'verification', 'to', 'subject', 'text', 'html'] as const;
  const cases = fields.flatMap((field) => markers.map((marker) => [field, marker] as const));

  it.each(cases)('are shown as text: %s %j', async (field, marker) => {
    const { html } = await inbox('/dev/inbox', [{ ...EMAIL, [field]: `048213 ${marker}` }]);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img src=x');
    expect(html).not.toMatch(/<[a-z]+ [^<>]*\sonerror=/i);
    expect(html).not.toContain(RTL);
    expect(html).toContain('048213');
  });

  it('cannot come in by the address', async () => {
    for (const marker of markers) {
      const { html } = await inbox(`/dev/inbox?to=${encodeURIComponent(marker)}&message=${encodeURIComponent(marker)}`);
      expect(html).not.toContain('<script');
      expect(html).not.toContain('<img src=x');
    }
  });

  it('put nothing but the characters of a code into the command to copy', async () => {
    const { html } = await inbox('/dev/inbox', [{ ...SMS, text: 'Code\n@acme.example #$(id)' }]);
    expect(html).not.toContain('/checks');
  });
});

describe('finding the code in a message', () => {
  const codes = ['0482', '048213', '0482139571', 'K7QW', 'KXPWMQ'];
  const cases = CHANNELS.flatMap((channel) =>
    SUPPORTED_LOCALES.flatMap((locale) =>
      codes.flatMap((code) => [null, 'acme.example'].map((origin) => ({ channel, locale, code, origin }))),
    ),
  );

  it.each(cases)('works for $channel in $locale with $code and origin $origin', ({ channel, locale, code, origin }) => {
    const { text } = renderMessage({
      channel,
      locale,
      code,
      origin,
      purpose: 'login',
      brand: 'Acme 2026',
      minutes: 10,
    });
    expect(submittable(findCode(text) ?? '')).toBe(code);
  });

  it('finds nothing where no code is', () => {
    expect(findCode('Call +14155552671 by 10:30.')).toBeNull();
  });
});
