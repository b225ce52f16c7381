import type { StaffRoute } from '../route.ts';
import { GENERAL } from './general.tsx';
import { KEYS } from './keys.tsx';
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
  ...KEYS,
  ...WEBHOOKS,
  ...WEBHOOK,
  ...DELIVERIES,
];
