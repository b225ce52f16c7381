/** What every page needs to know about where it is served. */
export interface Site {
  readonly mode: 'development' | 'production';
  /** Where browsers reach the service: an origin, with or without the base path; null = unknown. */
  readonly publicUrl: string | null;
  /** Path under which everything is mounted: empty, or a leading slash and none at the end. */
  readonly basePath: string;
  readonly version: string;
}

/** A path of this site for a link, below the base path. `path` begins with a slash. */
export function href(site: Site, path: string): string {
  return `${site.basePath}${path}`;
}

/** Stands for the service where its address is not known. */
const UNKNOWN_URL = 'https://watchword.example';

/** The absolute address of the service, without a slash at the end; the base path is added once. */
export function baseUrl(site: Site): string {
  const url = (site.publicUrl ?? UNKNOWN_URL).replace(/\/+$/, '');
  return site.basePath !== '' && !url.endsWith(site.basePath) ? `${url}${site.basePath}` : url;
}

/** The page that the mark leads to. */
export function home(site: Site): string {
  return href(site, site.mode === 'development' ? '/' : '/desk');
}
