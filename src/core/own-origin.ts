/** Where a browser says that a request comes from; null when it says nothing. */
export interface RequestOrigin {
  /** `Sec-Fetch-Site`. */
  readonly fetchSite: string | null;
  /** `Origin`. */
  readonly origin: string | null;
}

/**
 * Whether a browser's request comes from this site, which answers at these hosts (with the port, if it is not the scheme's): it says
 * where it comes from, and neither header may name another one. A request with neither comes from no browser, so it carries nobody's
 * authority.
 */
export function isOwnOrigin({ fetchSite, origin }: RequestOrigin, hosts: readonly string[]): boolean {
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  const host = /^https?:\/\/([^/?#@]+)$/.exec(origin ?? '')?.[1];
  return origin === null || (host !== undefined && hosts.includes(host));
}
