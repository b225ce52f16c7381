import type { PolicyOverrides, PresetName } from '../core/policy.ts';
import type { ChannelName, Status, StringMap } from '../core/verification.ts';
import type { SuppressionView } from '../core/views.ts';
import type { WebhookEvent } from '../core/webhooks.ts';

/** A destination: `"+14155552671"`, `"a@b.example"`, or its kind by name. */
export type To = string | { readonly phone: string; readonly country?: string } | { readonly email: string };

export interface StartInput {
  readonly to: To;
  readonly channel?: ChannelName;
  readonly channels?: readonly ChannelName[];
  /** Seconds before the ladder goes on to each further channel by itself, instead of the policy's; empty = it does not. */
  readonly channel_wait_seconds?: readonly number[];
  readonly purpose?: string;
  readonly locale?: string;
  readonly context?: StringMap;
  readonly metadata?: StringMap;
  readonly reference?: string;
  /** Why the code is asked for, for people. */
  readonly reason?: string;
  readonly return_url?: string;
  readonly signals?: { readonly ip?: string; readonly user_agent?: string; readonly device_id?: string };
  /** Taken only where the policy says `custom_code`. */
  readonly code?: string;
}

export interface CheckInput {
  readonly code: string;
  readonly context?: StringMap;
  readonly receipt?: boolean;
}

export interface DestinationCheckInput extends CheckInput {
  readonly to: To;
  readonly purpose?: string;
}

export interface ResendInput {
  readonly channel?: ChannelName | 'next';
}

/** A page of a list; `cursor` is `next_cursor` of the page before. */
export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Times are RFC 3339. */
export interface VerificationQuery extends PageQuery {
  readonly status?: Status;
  readonly channel?: ChannelName;
  readonly purpose?: string;
  readonly country?: string;
  readonly to?: string;
  readonly actor?: string;
  readonly reference?: string;
  readonly reason?: string;
  readonly created_after?: string;
  readonly created_before?: string;
}

export interface DestinationQuery extends PageQuery {
  readonly to?: string;
}

export interface ApplicationInput {
  readonly name?: string;
  readonly brand?: string;
  readonly preset?: PresetName;
  readonly default_country?: string | null;
  readonly countries?: readonly string[] | null;
  readonly time_zone?: string;
  readonly locale?: string;
  readonly return_urls?: readonly string[];
  readonly reasons?: readonly string[];
  readonly limits?: Readonly<
    Record<string, { readonly max: number; readonly window_seconds?: number; readonly currency?: string }>
  >;
  readonly compat?: readonly string[];
  readonly frame_ancestors?: readonly string[];
  readonly accent?: string | null;
  /** A small PNG as `data:image/png;base64,…`. */
  readonly logo?: string | null;
  readonly test_code?: string | null;
  readonly sends_stopped?: boolean;
  readonly desk_networks?: readonly string[];
}

export type PolicyInput = PolicyOverrides;

export interface ApiKeyInput {
  readonly mode: 'live' | 'test';
  readonly scopes: readonly ('send' | 'check' | 'read' | 'admin')[];
  readonly name?: string;
  /** RFC 3339. */
  readonly expires_at?: string;
}

export interface PersonInput {
  readonly to: To;
  readonly name?: string;
  readonly reference?: string;
}

export interface SuppressionInput {
  readonly to: To;
  readonly reason?: SuppressionView['reason'];
}

export interface WebhookInput {
  readonly url: string;
  readonly events?: readonly WebhookEvent[];
  readonly description?: string | null;
}

export type WebhookPatch = Partial<WebhookInput> & { readonly enabled?: boolean };
