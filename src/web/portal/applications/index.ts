import type { StaffRoute } from '../route.ts';
import { GENERAL } from './general.tsx';
import { KEYS } from './keys.tsx';
import { ACCESS } from './access.tsx';
import { LISTS } from './lists.tsx';
import { LIMITS_PAGE } from './limits.tsx';
import { PROVIDERS } from './providers.tsx';
import { SUPPRESSIONS } from './suppressions.tsx';
import { TEMPLATES } from './templates.tsx';
import { STOP } from './stop.tsx';
import { APPLICATION_LIST } from './list.tsx';
import { POLICIES } from './policies.tsx';
import { DELIVERIES } from './webhook-deliveries.tsx';
import { WEBHOOK } from './webhook.tsx';
import { WEBHOOKS } from './webhooks.tsx';

/** The settings of applications. */
export const APPLICATIONS: readonly StaffRoute[] = [
  ...APPLICATION_LIST,
  ...GENERAL,
  ...POLICIES,
  ...LIMITS_PAGE,
  ...STOP,
  ...PROVIDERS,
  ...TEMPLATES,
  ...SUPPRESSIONS,
  ...LISTS,
  ...ACCESS,
  ...KEYS,
  ...WEBHOOKS,
  ...WEBHOOK,
  ...DELIVERIES,
];
