import { describe, expect, it } from 'vitest';
import { assetPath, COUNTDOWN, findAsset } from '../../src/web/assets.ts';
import { cookieLine, readCookie } from '../../src/web/cookies.ts';
import { readForm } from '../../src/web/form.ts';
import type { Site } from '../../src/web/site.ts';

const SITE: Site = { mode: 'development', publicUrl: 'http://127.0.0.1:7070', basePath: '', version: '1' };
const HTTPS: Site = { ...SITE, mode: 'production', publicUrl: 'https://verify.example' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function post(body: string, headers: Record<string, string> = FORM): Request {
  return new Request('http://127.0.0.1:7070/x', { method: 'POST', body, headers });
}

describe('a form', () => {
  it('gives its fields, trimmed or exactly as typed', async () => {
    const reading = await readForm(post('email=+a%40b.example+&password=+p+&r=1&r=2'), SITE);
    if (!reading.ok) throw new Error('not read');
    const { fields } = reading;
    expect(fields.text('email')).toBe('a@b.example');
    expect(fields.exact('password')).toBe(' p ');
    expect(fields.all('r')).toEqual(['1', '2']);
    expect([fields.text('none'), fields.has('none')]).toEqual(['', false]);
  });

  it.each([
    ['another site’s', 403, post('a=1', { ...FORM, origin: 'https://evil.example' })],
    ['one fetched from another site', 403, post('a=1', { ...FORM, 'sec-fetch-site': 'cross-site' })],
    ['one of an opaque origin', 403, post('a=1', { ...FORM, origin: 'null' })],
    ['JSON', 415, post('{}', { 'content-type': 'application/json' })],
    ['too large', 413, post(`a=${'x'.repeat(16_384)}`)],
  ])('%s is refused', async (_, status, request) => {
    expect(await readForm(request, SITE)).toEqual({ ok: false, status });
  });

  it('that streams more than it announced is refused', async () => {
    const body = new Blob([`a=${'x'.repeat(20_000)}`]).stream();
    const request = new Request('http://127.0.0.1:7070/x', {
      method: 'POST',
      body,
      headers: FORM,
      duplex: 'half',
    } as RequestInit);
    expect(await readForm(request, SITE)).toEqual({ ok: false, status: 413 });
  });
});

describe('a cookie', () => {
  it('is bound to this host on https, and never for scripts', () => {
    expect(cookieLine(HTTPS, 'ww_s', 'v', { sameSite: 'Strict' })).toBe(
      '__Host-ww_s=v; Path=/; HttpOnly; Secure; SameSite=Strict',
    );
    expect(cookieLine(SITE, 'ww_s', 'v', { maxAgeSeconds: 60 })).toBe(
      'ww_s=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
    );
  });

  it('is read by the name it was set with: a plain one does not stand for a __Host- one', () => {
    const request = new Request('http://127.0.0.1/', { headers: { cookie: 'ww_s=plain; __Host-ww_s=bound' } });
    expect([readCookie(request, SITE, 'ww_s'), readCookie(request, HTTPS, 'ww_s')]).toEqual(['plain', 'bound']);
    expect(readCookie(request, SITE, 'other')).toBeNull();
  });
});

describe('the countdown', () => {
  it('is served as a script under its version', () => {
    expect(assetPath(COUNTDOWN)).toMatch(/^\/assets\/countdown\.js\?v=[0-9a-f]{8}$/);
    expect(findAsset('countdown.js')?.body).toContain('data-seconds');
  });
});
