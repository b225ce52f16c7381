import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SUPPORTED_LOCALES } from '../../../src/core/locale.ts';
import { createHostedWorld, type HostedWorld } from './browser.ts';
import { noise, uri } from './png.ts';

const DAY_MS = 86_400_000;
/** Of the status line, and of the headers that the server itself adds. */
const FRAME = 120;

describe('what a page weighs, headers and all its files included', () => {
  let world: HostedWorld;
  afterEach(() => world.close());

  function bytesOf(headers: Headers, body: Buffer): number {
    return [...headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, FRAME) + body.length;
  }

  it(
    'is under 20 kB in every language, with the largest logo, a colour, and every channel',
    { timeout: 120_000 },
    async () => {
      const logo = noise(57);
      expect(logo.length).toBeLessThanOrEqual(3_500);
      expect(logo.length).toBeGreaterThan(3_300);
      world = await createHostedWorld({
        application: { accent: '#8a1c6b', logo: uri(logo) },
        policies: { login: { channels: ['sms', 'voice', 'whatsapp', 'email'], remember_device_days: 30 } },
        limits: { hosted_ip: { max: 1_000 } },
      });
      const weights: [number, string][] = [];
      for (const locale of SUPPORTED_LOCALES) {
        const browser = world.browser({ headers: { 'accept-encoding': 'gzip' } });
        const weigh = async (path: string): Promise<number> => {
          const page = await browser.ask(path);
          const body = Buffer.from(await page.arrayBuffer());
          const links = gunzipSync(body)
            .toString()
            .matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g);
          const files = new Set([...links].map(([, file = '']) => file));
          let sum = bytesOf(page.headers, body);
          for (const file of files) {
            const answer = await browser.ask(file);
            expect([file, answer.status]).toEqual([file, 200]);
            sum += bytesOf(answer.headers, Buffer.from(await answer.arrayBuffer()));
          }
          return sum;
        };
        const path = `/otp/request?lang=${locale}`;
        weights.push([await weigh(path), `request ${locale}`]);
        const begun = await browser.ask(path, { channel: 'sms', country: 'AU', phone: '0491570156' });
        weights.push([await weigh(begun.headers.get('location') ?? ''), `verify ${locale}`]);
        world.clock.now += DAY_MS;
      }
      const heaviest = weights.toSorted(([left], [right]) => right - left).slice(0, 5);
      console.info('heaviest:', heaviest);
      expect(heaviest.filter(([bytes]) => bytes >= 20_000)).toEqual([]);
      expect(Math.min(...weights.map(([bytes]) => bytes))).toBeGreaterThan(10_000);
    },
  );
});
