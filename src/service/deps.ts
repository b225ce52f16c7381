import type { LimitSettings } from '../core/limits.ts';
import type { PolicyOverrides } from '../core/policy.ts';
import type { ChannelName } from '../core/verification.ts';
import type { KeyRing } from '../crypto/index.ts';
import type { Captcha } from '../ports/captcha.ts';
import type { Channel } from '../ports/channel.ts';
import type { Environment } from '../ports/environment.ts';
import type { RiskHook } from '../ports/risk-hook.ts';
import type { Store } from '../ports/store.ts';
import type { WebhookClient } from '../ports/webhook-client.ts';
import type { ApplicationInput, TemplateInput } from './api.ts';

/** Providers of each channel, in the order they are tried. */
export type Providers = Readonly<Partial<Record<ChannelName, readonly Channel[]>>>;

/** An application as the configuration file sets it; these fields and policies are read-only through the API. */
export interface ManagedApplication {
  readonly name: string;
  readonly fields: ApplicationInput;
  readonly policies: Readonly<Record<string, PolicyOverrides>>;
  readonly templates: readonly TemplateInput[];
}

/** Everything the use cases need from outside, put together by hand in compose. */
export interface ServiceDeps {
  readonly store: Store;
  readonly ring: KeyRing;
  readonly env: Environment;
  /** Live providers of all applications. */
  readonly providers: Providers;
  /** Live providers of single applications by name; they replace the common ones channel by channel. */
  readonly applicationProviders?: Readonly<Record<string, Providers>>;
  /** Where test sends go. */
  readonly inboxChannel: Channel;
  /** Calls the addresses of webhooks. */
  readonly webhookClient: WebhookClient;
  /** Asked about every live start; absent = nobody is. */
  readonly riskHook?: RiskHook;
  /** What browsers are shown where a challenge is asked for; absent = a proof of work. */
  readonly captcha?: Captcha;
  readonly settings: {
    readonly mode: 'development' | 'production';
    /** Where browsers reach the pages, with the base path; null until the edge says so. */
    readonly publicUrl: string | null;
    /** Where this machine reaches the service, for links while `publicUrl` is not set. */
    readonly localUrl?: string;
    /** Global limits; an application's own win. */
    readonly limits: LimitSettings;
    readonly managed: readonly ManagedApplication[];
  };
}
