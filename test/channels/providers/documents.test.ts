import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROVIDERS } from '../../../src/channels/providers/index.ts';
import { FAILURE_KINDS } from '../../../src/ports/channel.ts';

/** Pages of the providers for phones, with the page that several schemes share. */
const PAGES: Readonly<Record<string, string>> = {
  twilio: 'twilio',
  vonage: 'vonage',
  'vonage-voice': 'vonage',
  plivo: 'plivo',
  telnyx: 'telnyx',
  infobip: 'infobip',
};

/** What a page's tables say a code means: rows that end in a kind of failure, with ranges spelled out. */
function meanings(page: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of page.split('\n')) {
    const [, codes = '', kind = ''] = /^\| (.*) \| `?(\w+)`? *\|$/.exec(line) ?? [];
    if (!FAILURE_KINDS.some((known) => known === kind)) continue;
    for (const [, from = '', to = from] of codes.replace(/\([^)]*\)/g, '').matchAll(/([A-Za-z\d_-]+)(?: to (\d+))?/g)) {
      if (from === to) found.set(from, kind);
      else for (let code = Number(from); code <= Number(to); code += 1) found.set(String(code), kind);
    }
  }
  return found;
}

describe.each(Object.entries(PAGES))('the page of %s', (scheme, name) => {
  const page = readFileSync(new URL(`../../../docs/channels/${name}.md`, import.meta.url), 'utf8');
  const spec = PROVIDERS[scheme];

  it('says of every error what the code says', () => {
    const said = meanings(page);
    const wrong = Object.entries(spec?.errors ?? {}).filter(([code, kind]) => said.get(code) !== kind);
    // 500 stands in the tables as 5xx.
    expect(wrong.filter(([code]) => code !== '500')).toEqual([]);
  });

  it('names every option', () => {
    const missing = Object.keys(spec?.options ?? {}).filter((option) => !page.includes(`\`${option}`));
    expect(missing).toEqual([]);
  });
});
