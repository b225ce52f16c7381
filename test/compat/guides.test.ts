import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config-file.ts';
import { DIALECTS, FACADES } from '../../src/core/compat.ts';
import { TWILIO_ERRORS } from '../../src/http/compat/twilio/errors.ts';
import { applicationPatchSchema } from '../../src/schema/index.ts';
import { createWatchword, orThrow } from '../../src/index.ts';
import { FACADE_ROUTES } from '../../src/http/index.ts';
import { phoneVerificationSchema } from '../../src/schema/phone-verification.ts';
import { readPage } from '../structure/pages.ts';

const compat = readPage('docs/compat.md').text;

function snippet(page: string, language: string): string {
  const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readPage(page).text)?.[1];
  if (found === undefined) throw new Error(`no ${language} in ${page}`);
  return found;
}

describe('docs/compat.md', () => {
  it.each(DIALECTS)('names %s with its purpose', (dialect) => {
    expect(compat).toContain(`| \`${dialect}\``);
    expect(compat).toContain(`\`${FACADES[dialect].purpose}\``);
  });

  it('shows a setting that is taken, and names every error that Twilio’s dialect has', () => {
    expect(applicationPatchSchema.safeParse(JSON.parse(snippet('docs/compat.md', 'json'))).success).toBe(true);
    for (const { code } of Object.values(TWILIO_ERRORS)) expect(compat).toContain(String(code));
  });

  it('names every path', () => {
    const leaves = FACADE_ROUTES.map(({ path }) =>
      path
        .replace(/\/$/, '')
        .split('/')
        .findLast((part) => !part.startsWith('{')),
    );
    for (const leaf of new Set(leaves)) expect(compat).toContain(leaf);
  });
});

describe('the migration guides', () => {
  it('show a settings block that is taken', () => {
    expect(parseConfig(snippet('docs/migrate/django-phone-verify.md', 'json')).problems).toEqual([]);
  });

  it('name every setting of django-phone-verify that the block takes, and have the note of its 2.0 (S3.17)', () => {
    const { text } = readPage('docs/migrate/django-phone-verify.md');
    for (const name of Object.keys(phoneVerificationSchema.shape)) expect(text).toContain(name);
    expect(text).toMatch(/The note of 2\.0.*session_token.*held the security code.*verify it again/s);
  });

  it('show functions for better-auth that send and check', async () => {
    const code = snippet('docs/migrate/better-auth.md', 'js');
    const body = code
      .replace(/^import .*$/m, '')
      .replaceAll('export ', '')
      .replace(/createWatchword\(\{[^}]*\}\)/, 'watchword');
    const watchword = createWatchword({
      databaseUrl: 'sqlite::memory:',
      secret: 'x'.repeat(8) + 'Zk3v9-Q0xT7pLw2mB8nRj5sYc1dHf6',
    });
    const module = `export default (watchword, orThrow) => {${body}\nreturn { sendOTP, verifyOTP }; }`;
    const made = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)) as {
      default(
        given: unknown,
        throwing: typeof orThrow,
      ): {
        sendOTP(input: { phoneNumber: string }): Promise<void>;
        verifyOTP(input: { phoneNumber: string; code: string }): Promise<boolean>;
      };
    };
    const { sendOTP, verifyOTP } = made.default(watchword, orThrow);
    await sendOTP({ phoneNumber: '+14155552671' });
    expect(await verifyOTP({ phoneNumber: '+14155552671', code: '000000' })).toBeTypeOf('boolean');
    expect(await verifyOTP({ phoneNumber: '+14155552672', code: '000000' })).toBe(false);
    await watchword.close();
  });
});
