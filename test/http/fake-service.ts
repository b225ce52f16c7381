import { createApi, createMetrics } from '../../src/http/index.ts';
import type { ApiLogEvent, ApiOptions } from '../../src/http/index.ts';
import type { Caller, Once, Service } from '../../src/service/api.ts';
import type { AuditEntryView, AuditVerdictView } from '../../src/core/audit-views.ts';
import type { StatsView } from '../../src/core/insight-views.ts';
import type { Result } from '../../src/core/errors.ts';
import type { ListView, VerificationView } from '../../src/core/views.ts';
import { providerView } from '../../src/core/provider-views.ts';
import { PRESETS } from '../../src/core/policy.ts';

/** Canned resources and a service that answers with them and remembers what it was asked. A seam, not a store. */
export const NOW = Date.UTC(2027, 0, 31, 9, 30);

const AUDIT_ENTRY: AuditEntryView = {
  id: 'aud_01JB0M9S6V4T2K8R5XQZ3N7WYAHCDE',
  object: 'audit_entry',
  created_at: '2027-01-31T09:30:00.000Z',
  erased: false,
  actor: { type: 'api_key', id: 'key_1' },
  action: 'key.created',
  target: 'key_2',
  data: { mode: 'live' },
  commitment: 'A'.repeat(43),
  batch: 1,
};

const STATS_ROW = {
  key: 'all',
  started: 1,
  sent: 1,
  delivered: 0,
  approved: 1,
  conversion: null,
  half_within: 30,
  most_within: 30,
  cost: {},
};

const STATS: StatsView = {
  object: 'stats',
  from: '2027-01-01',
  to: '2027-01-31',
  group_by: 'day',
  total: STATS_ROW,
  previous: STATS_ROW,
  data: [],
  failures: {},
  blocks: {},
  anomalies: [],
};

const AUDIT_VERDICT: AuditVerdictView = {
  object: 'audit_verdict',
  application: 'app_1',
  intact: true,
  entries: 1,
  erased: 0,
  purged: 0,
  waiting: 0,
  batches: 1,
  root: 'A'.repeat(43),
  checked_at: '2027-01-31T09:30:00.000Z',
  problem: null,
};

export const VERIFICATION: VerificationView = {
  id: 'vrf_01JB0M9S6V4T2K8R5XQZ3N7WYAHCDE',
  object: 'verification',
  application: 'app_1',
  status: 'pending',
  status_reason: null,
  to: { type: 'phone', masked: '+1 415 ••• ••71', country: 'US', line_type: 'mobile' },
  purpose: 'login',
  channel: 'sms',
  locale: 'en',
  sends: 1,
  sends_remaining: 4,
  checks: 0,
  checks_remaining: 5,
  created_at: '2027-01-31T09:30:00.000Z',
  expires_at: '2027-01-31T09:40:00.000Z',
  next_send_at: '2027-01-31T09:30:30.000Z',
  approved_at: null,
  closed_at: null,
  context: null,
  metadata: {},
  reference: null,
  hosted_url: null,
  test: false,
};

export const APPLICATION: Caller['application'] = {
  id: 'app_1',
  name: 'default',
  brand: 'Acme',
  preset: 'default',
  default_country: null,
  countries: null,
  time_zone: 'UTC',
  locale: 'en',
  return_urls: [],
  reasons: [],
  limits: {},
  compat: [],
  frame_ancestors: [],
  accent: null,
  logo: null,
  test_code: null,
  sends_stopped: false,
  desk_networks: [],
  createdAt: NOW,
};

const { createdAt: _createdAt, ...applicationFields } = APPLICATION;
const APPLICATION_VIEW = {
  ...applicationFields,
  limits: {},
  object: 'application' as const,
  twilio: null,
  managed: [],
  created_at: VERIFICATION.created_at,
};
const CHECK = { result: 'incorrect' as const, verification: VERIFICATION, receipt: null };
const PERSON = {
  id: 'per_1',
  object: 'person' as const,
  to: VERIFICATION.to,
  name: 'Ada',
  reference: null,
  created_at: VERIFICATION.created_at,
};
const POLICY_VERSION = {
  object: 'policy_version' as const,
  purpose: 'login',
  version: 1,
  created_at: '2027-01-31T09:30:00.000Z',
  actor: { type: 'api_key' as const, id: 'key_1' },
  restored: null,
  before: {},
  overrides: { ttl_seconds: 300 },
};
const POLICY_TRIAL = {
  object: 'policy_trial' as const,
  purpose: 'login',
  since: '2027-01-24T09:30:00.000Z',
  until: '2027-01-31T09:30:00.000Z',
  complete: true,
  starts: 1,
  approved: 1,
  erased: 0,
  effects: {
    refused: 0,
    no_channel: 0,
    context_missing: 0,
    reason_missing: 0,
    skipped: 0,
    other_channel: 0,
    met_open: 0,
    approved_late: 1,
    approved_over: 0,
    checks_over: 0,
    more_checks: 0,
    sends_over: 0,
  },
  not_told: [],
};
const POLICY = { ...PRESETS.default, object: 'policy' as const, purpose: 'login', overrides: {}, managed: false };
const RULE = {
  id: 'rul_1',
  object: 'list_rule' as const,
  list: 'block' as const,
  type: 'country' as const,
  value: 'GB',
  by: 'key_1',
  created_at: VERIFICATION.created_at,
};
const API_KEY = {
  id: 'key_1',
  object: 'api_key' as const,
  name: 'web',
  mode: 'test' as const,
  scopes: ['send'],
  created_at: VERIFICATION.created_at,
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
};
const SEND = {
  id: 'snd_1',
  object: 'send' as const,
  channel: 'sms' as const,
  provider: 'console',
  status: 'sent' as const,
  error: null,
  segments: 1,
  cost: null,
  attempts: [{ provider: 'console', at: VERIFICATION.created_at, error: null }],
  created_at: VERIFICATION.created_at,
};
const EVENT = {
  id: 'evt_1',
  object: 'event' as const,
  type: 'started' as const,
  actor: { type: 'api_key' as const, id: 'key_1' },
  created_at: VERIFICATION.created_at,
  data: { channel: 'sms' },
};
const PREVIEW = {
  to: VERIFICATION.to,
  channel: 'sms' as const,
  subject: null,
  text: '•••••• is your code.',
  html: null,
  locale: 'en',
  template: null,
  encoding: 'gsm7' as const,
  segments: 1,
  limits: [{ name: 'destination_sends', max: 10, window_seconds: 86_400 }],
  estimated_cost: null,
  warnings: [],
};
const CLOCK = { object: 'test_clock', now: '2026-01-15T12:00:00.000Z', advanced_seconds: 600, moved: 1 } as const;
const MESSAGE = {
  send_id: 'snd_1',
  to: '+14155552671',
  channel: 'sms' as const,
  subject: null,
  text: 'hi',
  html: null,
  created_at: VERIFICATION.created_at,
};

const TEMPLATE = {
  id: 'tpl_sms.en.login',
  object: 'template' as const,
  channel: 'sms' as const,
  purpose: 'login',
  locale: 'en',
  subject: null,
  text: '{brand} code: {code}',
  html: null,
  allow_links: false,
  managed: false,
  warnings: [],
  created_at: VERIFICATION.created_at,
  updated_at: VERIFICATION.created_at,
};
const TEMPLATE_PREVIEW = {
  object: 'template_preview' as const,
  channel: 'sms' as const,
  purpose: 'login',
  locale: 'en',
  source: 'template' as const,
  template: TEMPLATE.id,
  subject: null,
  text: 'Acme code: ••••••',
  html: null,
  encoding: 'gsm7' as const,
  segments: 1,
  estimated_cost: null,
  warnings: [],
};
const WEBHOOK = {
  id: 'whk_1',
  object: 'webhook' as const,
  url: 'https://shop.example/hook',
  events: ['verification.approved'],
  description: null,
  status: 'enabled' as const,
  disabled_reason: null,
  created_at: VERIFICATION.created_at,
  test: false,
};
const DELIVERY = {
  id: 'whd_1',
  object: 'webhook_delivery' as const,
  webhook: 'whk_1',
  type: 'verification.approved',
  verification: VERIFICATION.id,
  status: 'pending' as const,
  attempts: [{ at: VERIFICATION.created_at, ms: 12, status: 500, error: null }],
  next_attempt_at: VERIFICATION.created_at,
  created_at: VERIFICATION.created_at,
};

const SUPPRESSION = {
  id: 'sup_1',
  object: 'suppression' as const,
  reason: 'stop' as const,
  channel: 'sms' as const,
  by: 'twilio:AC1',
  created_at: VERIFICATION.created_at,
};

export interface Asked {
  readonly use: string;
  readonly args: readonly unknown[];
}

/** What any use case answers; `null` keeps the canned success. A function may throw. */
export type Override = (use: string) => Result<never> | null;

const PROVIDER = providerView({ name: 'twilio:+14155292729', channel: 'sms', receipts: 'callback' }, [], null);

function page<T>(data: readonly T[]): ListView<T> {
  return { data, has_more: false, next_cursor: null };
}

const AGENT = {
  id: 'agt_1',
  object: 'agent' as const,
  name: 'Noor Haddad',
  email: 'noor@harbour.example',
  role: 'supervisor' as const,
  status: 'active' as const,
  second_factor: 'email' as const,
  passkeys: 0,
  recovery_codes_left: 0,
  password_changed_at: null,
  created_at: VERIFICATION.created_at,
  last_signed_in_at: null,
};

const EDITED = {
  created_at: VERIFICATION.created_at,
  created_by: { type: 'agent' as const, id: 'agt_1' },
  modified_at: VERIFICATION.created_at,
  modified_by: { type: 'agent' as const, id: 'agt_1' },
};

const CLIENT = {
  id: 'cli_1',
  object: 'client' as const,
  company: 'Bluegum Logistics',
  country: 'AU',
  reference: '30-118842',
  ...EDITED,
};

const REPRESENTATIVE = {
  id: 'rep_1',
  object: 'representative' as const,
  client: 'cli_1',
  first_name: 'Mara',
  last_name: 'Ellison',
  role: 'Director',
  country: 'AU',
  mobile: VERIFICATION.to,
  email: null,
  status: 'active' as const,
  ...EDITED,
};

const notForTheApi = () => Promise.reject(new Error('not for the API'));

/** Hosted pages are no part of the API: whoever asks fails loudly. */
const HOSTED: Service['hosted'] = {
  servedAt: () => undefined,
  sealFlows: () => '',
  openFlows: () => [],
  choices: notForTheApi,
  begin: notForTheApi,
  challenge: notForTheApi,
  state: notForTheApi,
  check: notForTheApi,
  resend: notForTheApi,
  restart: notForTheApi,
  flowOfLink: notForTheApi,
  flowOfConfirm: notForTheApi,
  confirm: notForTheApi,
  isClaimed: notForTheApi,
  claim: notForTheApi,
  receipt: notForTheApi,
  signIn: notForTheApi,
  session: notForTheApi,
  signOut: notForTheApi,
  forgetDevice: notForTheApi,
  forgetEveryDevice: notForTheApi,
};

export function createFakeService(asked: Asked[] = [], override: Override = () => null): Service {
  function answers<T>(use: string, value: T): (...args: never[]) => Promise<Result<T>> {
    return async (...args) => {
      asked.push({ use, args });
      return override(use) ?? { ok: true, value };
    };
  }
  const once: Once = async (_caller, request, run) => {
    asked.push({ use: 'once', args: [request] });
    return run();
  };
  // Only what routes use: anything else would fail loudly.
  const parts: Partial<Service> = {
    verify: {
      start: answers('start', { verification: VERIFICATION, created: true }),
      check: answers('check', CHECK),
      checkByDestination: answers('checkByDestination', CHECK),
      resend: answers('resend', VERIFICATION),
      cancel: answers('cancel', { ...VERIFICATION, status: 'canceled' as const }),
      get: answers('get', VERIFICATION),
      findOpen: answers('findOpen', VERIFICATION),
      preview: answers('preview', PREVIEW),
    },
    records: {
      search: answers('search', page([VERIFICATION])),
      rows: async () => ({ ok: true, value: { rows: [], hasMore: false, now: 0 } }),
      exportRows: answers('exportRows', rows([VERIFICATION])),
      sends: answers('sends', page([SEND])),
      events: answers('events', page([EVENT])),
      erase: answers('erase', { erased: 3 }),
    },
    templates: {
      list: answers('templates.list', page([TEMPLATE])),
      get: answers('templates.get', TEMPLATE),
      put: answers('templates.put', TEMPLATE),
      remove: answers('templates.remove', { deleted: true as const }),
      preview: answers('templates.preview', TEMPLATE_PREVIEW),
    },
    hosted: HOSTED,
    webhooks: {
      create: answers('webhooks.create', { ...WEBHOOK, secret: 'whsec_x' }),
      list: answers('webhooks.list', page([WEBHOOK])),
      get: answers('webhooks.get', WEBHOOK),
      update: answers('webhooks.update', WEBHOOK),
      remove: answers('webhooks.remove', { deleted: true as const }),
      rotate: answers('webhooks.rotate', { ...WEBHOOK, secret: 'whsec_y' }),
      test: answers('webhooks.test', DELIVERY),
      deliveries: answers('webhooks.deliveries', page([DELIVERY])),
      delivery: answers('webhooks.delivery', DELIVERY),
      redeliver: answers('webhooks.redeliver', DELIVERY),
    },
    providers: {
      list: answers('providers.list', page([PROVIDER])),
      test: answers('testProvider', {
        object: 'provider_test' as const,
        provider: 'sink',
        channel: 'sms' as const,
        to: VERIFICATION.to,
        accepted: true,
        message_id: null,
        detail: null,
      }),
      totals: async () => [],
    },
    listRules: {
      add: answers('addListRule', RULE),
      list: answers('listListRules', page([RULE])),
      remove: answers('removeListRule', { deleted: true as const }),
    },
    suppressions: {
      add: answers('suppressions.add', { ...SUPPRESSION, reason: 'manual' as const, channel: null }),
      list: answers('suppressions.list', page([SUPPRESSION])),
      remove: answers('suppressions.remove', { deleted: true as const }),
    },
    staff: {
      agents: {
        create: answers('agents.create', AGENT),
        list: answers('agents.list', page([AGENT])),
        get: answers('agents.get', AGENT),
        update: answers('agents.update', AGENT),
        resetSecondFactor: answers('agents.resetSecondFactor', AGENT),
      },
    } as unknown as Service['staff'],
    audit: {
      note: async () => undefined,
      list: answers('audit.list', page([AUDIT_ENTRY])),
      verify: answers('audit.verify', AUDIT_VERDICT),
      lastVerdict: async () => AUDIT_VERDICT,
      seal: async () => 0,
      purge: async () => 0,
      export: async () => ({ ok: true, value: new Blob(['{}\n']).stream() }),
    },
    insights: {
      stats: answers('insights.stats', STATS),
      page: async () => null,
      today: async () => '2027-01-31',
      count: async () => undefined,
    },
    people: {
      add: answers('people.add', CLIENT),
      list: answers('people.list', page([CLIENT])),
      get: answers('people.get', { ...CLIENT, representatives: [] }),
      change: answers('people.change', CLIENT),
      remove: answers('people.remove', { deleted: true as const }),
      addRepresentative: answers('people.addRepresentative', REPRESENTATIVE),
      representatives: answers('people.representatives', page([REPRESENTATIVE])),
      representative: answers('people.representative', REPRESENTATIVE),
      changeRepresentative: answers('people.changeRepresentative', REPRESENTATIVE),
    } as unknown as Service['people'],
    report: async () => undefined,
    callback: async (scheme, request) => {
      asked.push({ use: 'callback', args: [scheme, request] });
      return { type: 'noted' };
    },
    applications: {
      find: async () => APPLICATION,
      list: answers('listApplications', page([APPLICATION_VIEW])),
      administered: async (caller) => caller,
      actOn: async (caller) => ({ ok: true, value: caller }),
      create: answers('createApplication', APPLICATION_VIEW),
      get: answers('getApplication', APPLICATION_VIEW),
      update: answers('updateApplication', APPLICATION_VIEW),
      sids: () => ({ account_sid: 'AC1', service_sid: 'VA1' }),
      policy: answers('policy', POLICY),
      policies: answers('policies', page([POLICY])),
      putPolicy: answers('putPolicy', POLICY),
      policyVersions: answers('policyVersions', page([POLICY_VERSION])),
      restorePolicy: answers('restorePolicy', POLICY),
      tryPolicy: answers('tryPolicy', POLICY_TRIAL),
    },
    keys: {
      authenticate: async (token) => callerOf(token),
      create: answers('createKey', { ...API_KEY, key: 'ww_test_secret' }),
      list: answers('listKeys', page([API_KEY])),
      revoke: answers('revokeKey', API_KEY),
    },
    directory: {
      put: answers('put', PERSON),
      list: answers('list', page([PERSON])),
      remove: answers('remove', { deleted: true as const }),
      forgetDevices: answers('forgetDevices', { forgotten: 1 }),
      rebind: answers('rebind', { rebound: true }),
    },
    receipts: {
      verify: answers('verifyReceipt', { valid: true, claims: { aud: 'app_1' } }),
      jwks: () => ({ keys: [{ kty: 'OKP', kid: '1' }] }),
    },
    sessions: { issue: () => 'token', open: () => null },
    testClock: { read: answers('clock', CLOCK), advance: answers('clock', CLOCK) },
    inbox: { list: answers('inbox', { data: [MESSAGE] }), all: async () => [], clear: async () => undefined },
    health: {
      readiness: async () => ({
        ready: true,
        checks: { store: { ok: true }, queue: { ok: true, depth: 7, age_seconds: 3 } },
      }),
      drain: () => undefined,
    },
    once,
    worker: { start: () => undefined, stop: async () => undefined, tick: async () => 0 },
    channels: () => ['sms'],
  };
  return parts as Service;
}

export async function* rows(list: readonly VerificationView[]): AsyncGenerator<VerificationView> {
  yield* list;
}

/** `ww_<mode>_<scope>-<scope>…`: a token that says what it may do. */
function callerOf(token: string): Caller | null {
  const match = /^ww_(live|test)_([a-z-]+)$/.exec(token);
  if (match === null) return null;
  const mode = match[1] === 'live' ? 'live' : 'test';
  const scopes = (match[2] ?? '').split('-').filter((scope) => scope !== 'none') as Caller['scopes'][number][];
  return { application: APPLICATION, mode, actor: { type: 'api_key', id: 'key_1' }, scopes, browserIp: null };
}

export const ALL = 'ww_test_send-check-read-admin';

export interface World {
  readonly asked: Asked[];
  readonly log: ApiLogEvent[];
  readonly options: ApiOptions;
  fetch(
    method: string,
    path: string,
    init?: RequestInit & { token?: string | null; json?: unknown },
  ): Promise<Response>;
}

/** An API over the fake service, with a clock that stands still. */
export function createWorld(override?: Override, adjust: (service: Service) => Service = (service) => service): World {
  const asked: Asked[] = [];
  const log: ApiLogEvent[] = [];
  let requests = 0;
  const options: ApiOptions = {
    publicUrl: null,
    version: '0.0.0-test',
    metrics: createMetrics(),
    log: (event) => log.push(event),
    now: () => NOW,
    randomId: () => `req_${++requests}`,
  };
  const api = createApi(adjust(createFakeService(asked, override)), options);
  return {
    asked,
    log,
    options,
    async fetch(method, path, { token = ALL, json, ...init } = {}) {
      const headers = new Headers(init.headers);
      if (token !== null && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
      const body = json === undefined ? init.body : JSON.stringify(json);
      if (body != null && !headers.has('content-type')) headers.set('content-type', 'application/json');
      return api.request(path, { ...init, method, headers, ...(body == null ? {} : { body }) });
    },
  };
}
