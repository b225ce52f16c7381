import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkDsn } from '../../src/channels/index.ts';
import { ROUTE_OPTIONS } from '../../src/channels/route.ts';
import { checkConfig } from '../../src/config/index.ts';
import { CHANNELS, type ChannelName } from '../../src/core/verification.ts';

const page = readFileSync('docs/routing.md', 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

describe('docs/routing.md', () => {
  const settings = blocks('sh').flatMap((text) => [...text.matchAll(/^WATCHWORD_([A-Z]+)="(.*)"$/gm)]);

  it.each(settings.map(([, name = '', value = '']) => [name, value] as const))(
    'shows lines of %s that are taken as they stand',
    (name, value) => {
      const kind = CHANNELS.find((channel) => channel.toUpperCase() === name) as ChannelName;
      for (const dsn of value.split(' ')) expect([dsn, checkDsn(dsn, kind)]).toEqual([dsn, null]);
    },
  );

  it('shows files that are taken as they stand', () => {
    const files = blocks('json').map((text) => checkConfig(JSON.parse(text)));
    expect(files.length).toBeGreaterThan(0);
    for (const { config, problems } of files) {
      expect(problems).toEqual([]);
      for (const { providers } of config.applications)
        for (const kind of CHANNELS)
          for (const dsn of providers[kind] ?? []) expect(checkDsn(dsn.reveal(), kind)).toBeNull();
    }
  });

  it('names every option', () => {
    expect(settings.length).toBeGreaterThan(1);
    expect(ROUTE_OPTIONS.filter((option) => !page.includes(`\`${option}=`))).toEqual([]);
  });
});
