import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import * as client from 'watchword/client';

const FOLDER = fileURLToPath(new URL('../../dist/client/', import.meta.url));
const MOST_BYTES = 8 * 1024;
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.js'));
const texts = files.map((name) => readFileSync(FOLDER + name, 'utf8'));

describe('the built client', () => {
  it('is at most 8 KB gzipped, all files together', () => {
    const size = gzipSync(texts.join('\n')).length;
    expect(size).toBeLessThanOrEqual(MOST_BYTES);
    expect(size).toBeGreaterThan(1_000);
  });

  it('imports nothing but its own files, and nothing that only Node.js has', () => {
    const specifiers = texts.flatMap((text) =>
      [...text.matchAll(/\bfrom\s*['"]([^'"]+)['"]/g)].map(([, from]) => from),
    );
    expect(specifiers.filter((from) => !/^\.\/[\w-]+\.js$/.test(from ?? ''))).toEqual([]);
    expect(texts.filter((text) => /\b(?:Buffer|process|require|__dirname)\b/.test(text))).toEqual([]);
  });

  it('is what `watchword/client` gives to a program', async () => {
    expect(Object.keys(client).toSorted()).toEqual(['ApiError', 'createClient', 'verifyReceipt', 'verifyWebhook']);
    const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
    const at = new Date();
    const headers = {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('evt_1', at, '{}'),
    };
    expect(await client.verifyWebhook('{}', headers, secret)).toMatchObject({ valid: true });
  });
});
