import { secret } from '../../src/core/redacted.ts';
import { createCaptcha } from '../../src/channels/index.ts';
import { type ProviderCall, type ProviderReply, startProviderServer } from '../channels/support/provider-server.ts';

export const SITE_KEY = '0x4AAAAAAA-site';
export const SITE_SECRET = '0x4AAAAAAA-secret/key';

/** What a provider says of a token that is right: everything about it is as it should be. */
export interface Solved {
  readonly hostname: string;
  readonly action: string;
  readonly cdata: string;
}

/**
 * Turnstile as far as a page and `siteverify` meet it: a token `T-<mark>-<n>` is one that the widget with this mark gave. Each is good
 * once.
 */
export async function startCaptchaProvider(hostname: string, options = '') {
  const seen = new Set<string>();
  const asked: URLSearchParams[] = [];
  const server = await startProviderServer((call) => answer(call));

  function answer(call: ProviderCall): ProviderReply {
    if (call.url.startsWith('/turnstile/v0/api.js'))
      return { status: 200, body: WIDGET, headers: { 'content-type': 'text/javascript' } };
    const fields = new URLSearchParams(call.body);
    asked.push(fields);
    const reply = provider.reply?.(fields) ?? null;
    if (reply !== null) return reply;
    const token = fields.get('response') ?? '';
    const [, cdata] = /^T-([0-9A-Z]{20})-\d+$/.exec(token) ?? [];
    if (fields.get('secret') !== SITE_SECRET) return no('invalid-input-secret');
    if (cdata === undefined) return no('invalid-input-response');
    if (seen.has(token)) return no('timeout-or-duplicate');
    seen.add(token);
    return yes({ hostname, action: 'hosted_start', cdata });
  }

  const provider = {
    asked,
    /** Instead of what a provider that works says. */
    reply: null as ((fields: URLSearchParams) => ProviderReply | null) | null,
    base: `http://127.0.0.1:${server.port}`,
    captcha: createCaptcha(
      secret(
        `turnstile://${SITE_KEY}:${encodeURIComponent(SITE_SECRET)}@127.0.0.1:${server.port}?tls=0&timeout_ms=500${options}`,
      ),
    ),
    close: () => server.close(),
  };
  return provider;
}

export function yes(solved: Solved): ProviderReply {
  const body = { success: true, 'error-codes': [], challenge_ts: '2026-11-26T13:00:00Z', ...solved };
  return { status: 200, body: JSON.stringify(body) };
}

export function no(...codes: readonly string[]): ProviderReply {
  return { status: 200, body: JSON.stringify({ success: false, 'error-codes': codes }) };
}

/** In the place of the provider's script: a box that somebody presses, then the token in the form and the page's own function. */
const WIDGET = `
for (const place of document.querySelectorAll('.cf-turnstile')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'I am a person';
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'cf-turnstile-response';
  place.append(button, field);
  button.addEventListener('click', () => {
    field.value = 'T-' + place.dataset.cdata + '-1';
    window[place.dataset.callback](field.value);
  });
}
`;
