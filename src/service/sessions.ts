import type { Caller, SessionsService } from './api.ts';
import type { ServiceDeps } from './deps.ts';

const NONCE_LENGTH = 16;

/** Tokens of a verification: the same verification asked for twice has two, and neither holds its code or its address. */
export function createSessions({ ring, env }: Pick<ServiceDeps, 'ring' | 'env'>): SessionsService {
  return {
    issue: (caller, verification, end) =>
      ring.signSession({
        aud: audienceOf(caller),
        sub: verification,
        nonce: env.randomText(NONCE_LENGTH),
        exp: Math.ceil(end / 1000),
      }),
    open(caller, token) {
      const claims = ring.openSession(token);
      if (claims === null || claims.aud !== audienceOf(caller) || env.now() >= claims.exp * 1000) return null;
      return claims.sub;
    },
  };
}

function audienceOf({ application, mode }: Caller): string {
  return `${application.id}/${mode}`;
}
