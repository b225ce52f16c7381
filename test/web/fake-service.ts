import type { NotMeView, Service } from '../../src/service/api.ts';
import type { PagesOptions } from '../../src/web/index.ts';
import type { InboxEntry } from '../../src/web/dev/inbox.tsx';
import { openApiFixture } from './openapi-fixture.ts';

export const NOW = Date.UTC(2026, 10, 20, 14, 3, 0);

export const SMS: InboxEntry = {
  send_id: 'snd_01SMS',
  verification: 'vrf_01SMS',
  to: '+14155552671',
  channel: 'sms',
  subject: null,
  text: 'Acme login code: 048213\nNobody from Acme will ask you for this code.\nValid for 10 minutes.\n@acme.example #048213',
  html: null,
  created_at: '2026-11-20T14:02:11.000Z',
};

export const EMAIL: InboxEntry = {
  send_id: 'snd_01EMAIL',
  verification: 'vrf_01EMAIL',
  to: 'mara@bluegum.example',
  channel: 'email',
  subject: 'Your Acme code',
  text: 'Hello,\n\nHere is your Acme code to sign in:\n\n771902\n\nIt works for 10 minutes.\n',
  html: '<p>Here is your Acme code: <b>771902</b></p>',
  created_at: '2026-11-20T14:01:40.000Z',
};

export const VOICE: InboxEntry = {
  ...SMS,
  send_id: 'snd_01VOICE',
  verification: 'vrf_01VOICE',
  to: '+61491570156',
  channel: 'voice',
  text: 'Your Acme code is 5. 5. 0. 1. 8. 3. Again: 5. 5. 0. 1. 8. 3.',
  created_at: '2026-11-20T13:58:02.000Z',
};

const NOT_ME: NotMeView = {
  brand: 'Harbour Mobile',
  locale: 'en',
  to: '+61 491 ••• ••56',
  state: 'open',
  suppressed: false,
};

/** By the last part of the link. */
export const NOT_ME_VIEWS: Readonly<Record<string, NotMeView>> = {
  open: NOT_ME,
  german: { ...NOT_ME, locale: 'de', to: 'ma•••@bluegum.example' },
  arabic: { ...NOT_ME, locale: 'ar' },
  closed: { ...NOT_ME, state: 'closed' },
  canceled: { ...NOT_ME, state: 'reported' },
  suppressed: { ...NOT_ME, state: 'reported', suppressed: true },
};

/** What the pages asked of the service. */
export interface Calls {
  cleared: number;
  readonly looked: (string | undefined)[];
}

/** A service with only what the pages use; anything else would fail loudly. */
export function fakeService(entries: readonly InboxEntry[] = [], overrides: Partial<Service> = {}) {
  const calls: Calls = { cleared: 0, looked: [] };
  const parts: Partial<Service> = {
    notMe: { look: async (token) => NOT_ME_VIEWS[token] ?? null, report: async (token) => NOT_ME_VIEWS[token] ?? null },
    inbox: {
      list: () => Promise.reject(new Error('not for pages')),
      all: (to) => {
        calls.looked.push(to);
        return Promise.resolve(entries.filter((entry) => to === undefined || entry.to === to));
      },
      clear: () => {
        calls.cleared += 1;
        return Promise.resolve();
      },
    },
    health: {
      readiness: () => Promise.resolve({ ready: true, checks: { store: { ok: true }, worker: { ok: true } } }),
      drain: () => undefined,
    },
    channels: () => ['sms', 'email'],
    ...overrides,
  };
  return { service: parts as Service, calls };
}

export function pagesOptions(overrides: Partial<PagesOptions> = {}): PagesOptions {
  return {
    mode: 'development',
    publicUrl: 'http://127.0.0.1:7070',
    basePath: '',
    testKey: 'ww_test_k39FqT7bYw2LmX0c',
    openapi: openApiFixture,
    version: '0.1.0',
    now: () => NOW,
    newToken: () => 'token-of-one-form-only',
    log: () => undefined,
    ...overrides,
  };
}
