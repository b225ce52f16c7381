import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi, createMetrics } from '../../src/http/index.ts';
import { secret } from '../../src/core/redacted.ts';
import { SCOPES, type Scope } from '../../src/ports/settings.ts';
import type { LimitSettings } from '../../src/core/limits.ts';
import type { PolicyOverrides } from '../../src/core/policy.ts';
import type { ChannelName, Mode } from '../../src/core/verification.ts';
import { createKeyRing, randomInt, randomText, type KeyRing } from '../../src/crypto/index.ts';
import type { Captcha } from '../../src/ports/captcha.ts';
import type { Accepted, Channel, Failure, Message } from '../../src/ports/channel.ts';
import type { Environment, LogEvent } from '../../src/ports/environment.ts';
import type { RiskHook } from '../../src/ports/risk-hook.ts';
import type { Store } from '../../src/ports/store.ts';
import type { WebhookAnswer } from '../../src/ports/webhook-client.ts';
import { createService, inboxWriter, type Caller, type ServiceDeps } from '../../src/service/index.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';

export const T0 = 1_800_000_000_000;

/** A channel that keeps what it was given and answers as told. */
export class Sink implements Channel {
  readonly name: string;
  readonly channels: readonly ChannelName[] = ['sms', 'email', 'voice', 'whatsapp', 'telegram'];
  readonly messages: Message[] = [];
  answer: (message: Message) => Accepted | Failure | Promise<Accepted | Failure> = () => ({
    type: 'accepted',
    messageId: null,
  });

  constructor(name = 'sink') {
    this.name = name;
  }

  async send(message: Message): Promise<Accepted | Failure> {
    this.messages.push(message);
    return this.answer(message);
  }

  last(): Message {
    const message = this.messages.at(-1);
    if (!message) throw new Error('nothing was sent');
    return message;
  }
}

export interface WorldOptions {
  readonly path?: string;
  readonly limits?: LimitSettings;
  readonly policies?: Readonly<Record<string, PolicyOverrides>>;
  readonly providers?: ServiceDeps['providers'];
  readonly mode?: 'development' | 'production';
  /** Applications as the configuration file sets them. */
  readonly managed?: ServiceDeps['settings']['managed'];
  /** Wraps the store: how a test breaks a promise on purpose, to see itself turn red. */
  readonly mutate?: (store: Store) => Store;
  readonly ring?: KeyRing;
  readonly clock?: { now: number };
  /** Another migrated store than a fresh SQLite file; whoever opened it closes it. */
  readonly store?: Store;
  readonly publicUrl?: string | null;
  readonly riskHook?: RiskHook;
  readonly captcha?: Captcha;
  /** Wraps where test sends go. */
  readonly testChannel?: (inbox: Channel) => Channel;
}

export type World = Awaited<ReturnType<typeof createWorld>>;

/** The real use cases on a real SQLite file, with a clock that only tests move and a sink for messages. */
export async function createWorld(options: WorldOptions = {}) {
  // Not for a store of somebody else's: whoever opened that need not close this world.
  const folder = options.store === undefined ? mkdtempSync(join(tmpdir(), 'watchword-test-')) : null;
  const path = options.path ?? join(folder ?? '', 'watchword.db');
  const clock = options.clock ?? { now: T0 };
  const logs: LogEvent[] = [];
  const real = options.store ?? (await openSqlite(path, clock));
  const store = options.mutate ? options.mutate(real) : real;
  const ring = options.ring ?? createKeyRing({ current: secret('pX7vQ2mL9rT4wK8zB1nD6hJ3sF5gY0cA'), previous: [] });
  const sink = new Sink();
  const inbox = new Sink('inbox');
  const write = inboxWriter({ store, ring, now: () => clock.now });
  inbox.answer = async (message) => {
    await write(message);
    return { type: 'accepted', messageId: null };
  };
  const env: Environment = {
    now: () => clock.now,
    randomInt,
    randomText,
    log: (event) => logs.push(event),
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) resolve();
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
  const posts: { url: string; headers: Readonly<Record<string, string>>; body: string }[] = [];
  const webhookClient: ServiceDeps['webhookClient'] & { answer: WebhookAnswer } = {
    answer: { type: 'answered', status: 204 },
    async post(url, headers, body) {
      posts.push({ url, headers, body });
      return webhookClient.answer;
    },
    async open(url) {
      posts.push({ url, headers: {}, body: '' });
      return webhookClient.answer;
    },
  };
  const all = { sms: [sink], email: [sink], voice: [sink], whatsapp: [sink], telegram: [sink] };
  const service = createService({
    store,
    ring,
    env,
    providers: options.providers ?? all,
    inboxChannel: options.testChannel?.(inbox) ?? inbox,
    webhookClient,
    ...(options.riskHook === undefined ? {} : { riskHook: options.riskHook }),
    ...(options.captcha === undefined ? {} : { captcha: options.captcha }),
    settings: {
      mode: options.mode ?? 'development',
      publicUrl: options.publicUrl ?? null,
      limits: options.limits ?? {},
      managed: options.managed ?? [],
    },
  });
  await service.prepare();
  const application = await service.applications.find('default');
  if (!application) throw new Error('no default application');
  for (const [purpose, policy] of Object.entries(options.policies ?? {})) {
    await store.applications.putPolicy(application.id, purpose, policy);
  }
  // Past the second for which policies are remembered.
  clock.now += 1000;

  function caller(mode: Mode = 'live', as = application): Caller {
    if (!as) throw new Error('no application');
    return {
      application: as,
      mode,
      actor: { type: 'api_key', id: `key_${mode}` },
      scopes: ['send', 'check', 'read', 'admin'],
      browserIp: null,
    };
  }

  return {
    service,
    store,
    real,
    ring,
    env,
    clock,
    logs,
    sink,
    /** Those that are sinks, as given. */
    providers: (options.providers ?? all) as Readonly<Record<string, readonly Sink[]>>,
    posts,
    webhookClient,
    inbox,
    path,
    application,
    caller,
    /** Starts and delivers; the code is read from the message, as a person would. */
    async startAndRead(to = '+14155552671', extra: Record<string, unknown> = {}, as: Caller = caller()) {
      const started = await service.verify.start(as, { to, ...extra });
      if (!started.ok) throw new Error(`start refused: ${started.problem.code}`);
      await service.worker.tick();
      const message = (as.mode === 'test' ? inbox : sink).last();
      return { id: started.value.verification.id, code: message.code.reveal(), message };
    },
    async close() {
      if (options.store === undefined) await real.close();
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openSqlite(path: string, clock: { readonly now: number }): Promise<Store> {
  const store = await openSqliteStore({ path, now: () => clock.now });
  await store.migrations.migrate();
  return store;
}

/** A well-formed code that is not this one. */
export function wrongCode(right: string): string {
  const first = right.charAt(0) === '9' ? '0' : String(Number(right.charAt(0)) + 1);
  return first + right.slice(1);
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, any>;
}

/** The same world behind its real HTTP edge, with a real key per mode; no socket. */
export async function createHttpWorld(options: WorldOptions = {}) {
  const world = await createWorld(options);
  const api = createApi(world.service, {
    publicUrl: null,
    version: '0.0.0',
    metrics: createMetrics(),
    log: (event) => world.logs.push(event),
    now: () => world.clock.now,
    randomId: () => `req_${randomText(30)}`,
  });

  async function newKey(application = world.application, mode: Mode = 'live', scopes: readonly Scope[] = SCOPES) {
    const made = await world.service.keys.create(application, { mode, scopes });
    if (!made.ok || made.value.key === undefined) throw new Error('no key');
    return made.value.key;
  }

  const keys = { live: await newKey(), test: await newKey(world.application, 'test') };

  async function call(
    method: string,
    path: string,
    body?: unknown,
    extra: Record<string, string> = {},
  ): Promise<Answer> {
    const raw = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await api.request(path, {
      method,
      headers: {
        authorization: `Bearer ${keys.live}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...extra,
      },
      ...(body === undefined ? {} : { body: raw }),
    });
    const text = await response.text();
    const json = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : {} };
  }

  return { ...world, api, keys, newKey, call };
}
