/** What came of one post. `blocked`: the address is none that may be called; `failed`: nobody answered. `reason` is safe to show. */
export type WebhookAnswer =
  | { readonly type: 'answered'; readonly status: number }
  | { readonly type: 'blocked'; readonly reason: string }
  | { readonly type: 'failed'; readonly reason: string };

/** Calls addresses that others chose. */
export interface WebhookClient {
  /**
   * One POST, no redirects, 15 s. The host is resolved once, and only a public address is connected to, the very one that was looked
   * at (loopback too in development). Never throws.
   */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<WebhookAnswer>;
  /** The same as a GET, e.g. to confirm a subscription. */
  open(url: string): Promise<WebhookAnswer>;
}
