import type { PortalRoute } from './route.ts';

export interface Match {
  readonly route: PortalRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** The route of a request, or null. A slash at the end makes no difference; HEAD asks what GET does. */
export function matchRoute(routes: readonly PortalRoute[], method: string, pathname: string): Match | null {
  const parts = partsOf(pathname);
  const asked = method === 'HEAD' ? 'GET' : method;
  for (const route of routes) {
    const params = route.method === asked ? paramsOf(partsOf(route.path), parts) : null;
    if (params !== null) return { route, params };
  }
  return null;
}

function partsOf(path: string): readonly string[] {
  return path.replace(/\/$/, '').split('/');
}

function paramsOf(wanted: readonly string[], parts: readonly string[]): Readonly<Record<string, string>> | null {
  if (wanted.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [at, name] of wanted.entries()) {
    const part = parts[at] ?? '';
    if (!name.startsWith(':')) {
      if (name !== part) return null;
    } else if (part === '') return null;
    else params[name.slice(1)] = decoded(part);
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
