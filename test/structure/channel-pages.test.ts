import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROVIDERS } from '../../src/channels/providers/index.ts';

/** Those that are no HTTP providers of a company. */
const OTHERS = ['smtp', 'smpp', 'exec', 'webhook'];
/** Nobody's account but one's own. */
const ONES_OWN = ['exec', 'webhook'];
/** Schemes that share a page. */
const PAGES: Readonly<Record<string, string>> = { 'vonage-voice': 'vonage' };

/** What whoever sets a provider up wants to know, and how pages say it. */
const SECTIONS: Readonly<Record<string, RegExp>> = {
  'what it needs': /^- \*\*Needs\*\*/m,
  'whether it tells what became of a message': /^## Receipts$|^- \*\*Receipts\*\*|^\| (?:receipt|event) /m,
  'its limits': /^- \*\*Limits\*\*/m,
  'what its price is per': /^- \*\*Price\*\*/m,
  'how to try it': /^\*\*Test it\*\*/m,
};

it('the page of sns tells which account, region, right and sender it needs (S0.22)', () => {
  const page = readFileSync('docs/channels/sns.md', 'utf8');
  for (const word of ['`region`', 'access key id', '`from`', '`sns:Publish`', 'SMS sandbox'])
    expect(page).toContain(word);
});

describe.each([...Object.keys(PROVIDERS), ...OTHERS])('the page of %s', (scheme) => {
  const page = readFileSync(`docs/channels/${PAGES[scheme] ?? scheme}.md`, 'utf8');

  it('shows a line of settings', () => {
    expect(page).toMatch(new RegExp(`^WATCHWORD_[A-Z]+="${scheme}://`, 'm'));
  });

  it.each(Object.entries(SECTIONS))('says %s', (_what, section) => {
    expect(page).toMatch(section);
  });

  if (ONES_OWN.includes(scheme)) return;
  it('says that no live account was used', () => {
    expect(page.replaceAll('\n', ' ')).toMatch(
      /live accounts? (?:was|were) (?:not )?used|not tested against live accounts/i,
    );
  });
});
