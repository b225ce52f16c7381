import type { Problem } from '../core/errors.ts';
import { timestamp } from '../core/views.ts';
import { ABUSE_DETECTED } from '../core/webhooks.ts';
import type { ServiceDeps } from './deps.ts';
import { isFirstTime } from './first-time.ts';
import { notifyWebhooks } from './webhooks/notice.ts';

const KIND = 'abuse_told';
const HOUR_MS = 3_600_000;

/** Tells operators of limits that refuse messages. */
export interface AbuseAlarm {
  /**
   * A start or resend of an application was refused; tells at most once in an hour (UTC) for each limit. Never rejects. That one
   * verification has no messages left is nothing to tell.
   */
  refused(application: string, problem: Problem): Promise<void>;
}

/** Whoever is refused makes no work here: what was told in an hour, this process knows without the store. */
export function createAbuseAlarm(deps: ServiceDeps): AbuseAlarm {
  const told = new Map<string, number>();
  return {
    async refused(application, { limit }) {
      if (limit === undefined || limit.scope === 'verification') return;
      const hour = Math.floor(deps.env.now() / HOUR_MS);
      const key = `${application}|${limit.name}`;
      if (told.get(key) === hour) return;
      told.set(key, hour);
      try {
        await tell(deps, application, { limit: limit.name, scope: limit.scope, hour });
      } catch {
        told.delete(key);
      }
    },
  };
}

interface Abuse {
  readonly limit: string;
  readonly scope: string;
  /** Hours since 1970. */
  readonly hour: number;
}

async function tell(deps: ServiceDeps, application: string, { limit, scope, hour }: Abuse): Promise<void> {
  const now = await deps.store.verifications.time();
  const once = { kind: KIND, id: `${application}|${limit}|${hour}`, application, at: now, endsAt: now + 2 * HOUR_MS };
  if (!(await isFirstTime(deps, once))) return;
  deps.env.log({ event: ABUSE_DETECTED, level: 'warn', application, limit, scope });
  const facts = { application, limit, scope, detected_at: timestamp(now) };
  await notifyWebhooks(deps, { type: ABUSE_DETECTED, application, facts }, now);
}
