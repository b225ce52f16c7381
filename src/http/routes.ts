import { forOthers } from './route.ts';
import type { Route } from './route.ts';
import { AGENT_ROUTES } from './routes/agents.ts';
import { AUDIT_ROUTES } from './routes/audit.ts';
import { CALLBACK_ROUTES } from './routes/callbacks.ts';
import { CLIENT_ROUTES } from './routes/clients.ts';
import { LIST_ROUTES } from './routes/lists.ts';
import { PEOPLE_ROUTES } from './routes/people.ts';
import { PROVIDER_ROUTES } from './routes/providers.ts';
import { RECEIPT_ROUTES } from './routes/receipts.ts';
import { API_KEY_ROUTES, APPLICATION_ROUTES, POLICY_ROUTES } from './routes/settings.ts';
import { STATS_ROUTES } from './routes/stats.ts';
import { SYSTEM_ROUTES } from './routes/system.ts';
import { TEMPLATE_ROUTES } from './routes/templates.ts';
import { TESTING_ROUTES } from './routes/testing.ts';
import { VERIFICATION_ROUTES } from './routes/verifications.ts';
import { WEBHOOK_ROUTES } from './routes/webhooks.ts';

/** The API, row by row (all but `/openapi.json`, which is made from these). */
export const ROUTES: readonly Route[] = [
  ...VERIFICATION_ROUTES,
  ...forOthers(POLICY_ROUTES),
  ...forOthers(TEMPLATE_ROUTES),
  ...APPLICATION_ROUTES,
  ...PEOPLE_ROUTES,
  ...CLIENT_ROUTES,
  ...forOthers(LIST_ROUTES),
  ...forOthers(API_KEY_ROUTES),
  ...AGENT_ROUTES,
  ...AUDIT_ROUTES,
  ...forOthers(WEBHOOK_ROUTES),
  ...forOthers(PROVIDER_ROUTES),
  ...STATS_ROUTES,
  ...CALLBACK_ROUTES,
  ...RECEIPT_ROUTES,
  ...TESTING_ROUTES,
  ...SYSTEM_ROUTES,
];
