import type { Result } from '../../core/errors.ts';
import type { ListView, WebhookDeliveryView, WebhookView } from '../../core/views.ts';
import type { WebhookEvent } from '../../core/webhooks.ts';
import type { Caller } from '../api/caller.ts';

/** Where events are posted to. */
export interface WebhookInput {
  readonly url: string;
  /** All when absent. */
  readonly events?: readonly WebhookEvent[];
  readonly description?: string | null;
}

/** Addresses that are told of events, and what became of each. Secrets are shown once. */
export interface WebhooksService {
  create(caller: Caller, input: WebhookInput): Promise<Result<WebhookView>>;
  list(caller: Caller): Promise<Result<ListView<WebhookView>>>;
  get(caller: Caller, id: string): Promise<Result<WebhookView>>;
  update(
    caller: Caller,
    id: string,
    input: Partial<WebhookInput> & { readonly enabled?: boolean },
  ): Promise<Result<WebhookView>>;
  remove(caller: Caller, id: string): Promise<Result<{ readonly deleted: true }>>;
  /** A new secret, shown once; the old one signs too for a day. */
  rotate(caller: Caller, id: string): Promise<Result<WebhookView>>;
  /** Queues a `webhook.test`. */
  test(caller: Caller, id: string): Promise<Result<WebhookDeliveryView>>;
  /** Newest first. */
  deliveries(
    caller: Caller,
    id: string,
    input: { readonly limit?: number; readonly cursor?: string },
  ): Promise<Result<ListView<WebhookDeliveryView>>>;
  /** One of them. */
  delivery(caller: Caller, id: string): Promise<Result<WebhookDeliveryView>>;
  redeliver(caller: Caller, id: string): Promise<Result<WebhookDeliveryView>>;
}
