import type { Service } from './api.ts';
import { createAbuseAlarm } from './abuse.ts';
import { createApplications, ensureManaged } from './applications.ts';
import { availableChannels } from './channels.ts';
import { channelsOf, createBreakers, noteReport, takeReport } from './delivery/index.ts';
import { createAudit, noteVerdicts, withNotes } from './audit/index.ts';
import type { ServiceDeps } from './deps.ts';
import { createDesk } from './desk/index.ts';
import { createPeople } from './people/index.ts';
import { createEvidence } from './evidence/index.ts';
import { createDirectory } from './directory.ts';
import { createHealth } from './health.ts';
import { createHosted } from './hosted/index.ts';
import { createInbox } from './inbox.ts';
import { createInsights } from './insights/index.ts';
import { createKeys } from './keys.ts';
import { createListRules, createRules } from './lists/index.ts';
import { createNotMe } from './not-me/index.ts';
import { liveOnly } from './live-only.ts';
import { once } from './once.ts';
import { createProviders } from './providers.ts';
import { createReceipts } from './receipts.ts';
import { createRecords } from './records.ts';
import { createStatistics } from './statistics/index.ts';
import { createSuppressionList, createSuppressions } from './suppressions/index.ts';
import { createSessions } from './sessions.ts';
import { createStaff } from './staff/index.ts';
import { storeWith } from './store-with.ts';
import { createTemplates, createTemplatesService } from './templates/index.ts';
import { createTestClock } from './test-clock.ts';
import { createTenants } from './tenants.ts';
import { createTurns } from './turns.ts';
import { createVerifier } from './verifier.ts';
import { createSubscriptions, createWebhooks } from './webhooks/index.ts';
import { createWorker } from './worker.ts';

export type * from './api.ts';
export { clockFinding } from './clock.ts';
export type { ManagedApplication, Providers, ServiceDeps } from './deps.ts';
export { inboxWriter } from './inbox.ts';
export { storeWith, verificationsWith } from './store-with.ts';

/** The use cases, put together once. `prepare` must have run before the first request. */
export function createService(outside: ServiceDeps): Service & { prepare(): Promise<void> } {
  const settings = { ...outside.settings };
  const told = { ...outside, settings };
  const subscriptions = createSubscriptions({ ...told, wake: () => worker.wake() });
  const holdOuts = new Map(channelsOf(told).map(({ name, route }) => [name, route?.holdOut ?? 0]));
  const statistics = createStatistics({ ...told, holdOutOf: (provider) => holdOuts.get(provider) ?? 0 });
  const store = storeWith(told.store, {
    verifications: noteVerdicts(told, statistics.watch(subscriptions.watch(told.store.verifications))),
  });
  const suppressions = createSuppressions({ ...told, store });
  const rules = createRules({ ...told, store });
  const abuse = createAbuseAlarm({ ...told, store });
  const breakers = createBreakers(told.env);
  const given = { ...told, store, subscriptions, suppressions, rules, abuse, statistics, breakers };
  const tenants = createTenants(given);
  const templates = createTemplates(given);
  const worker = createWorker({ ...given, tenants, templates });
  const deps = { ...given, tenants, templates, turns: createTurns(), wake: () => worker.wake() };
  const records = createRecords(deps);
  const audit = createAudit(deps);
  const noted = withNotes(audit, {
    templates: createTemplatesService(deps),
    directory: createDirectory(deps),
    webhooks: createWebhooks(deps),
    suppressions: createSuppressionList(deps),
    records,
  });
  const verify = createVerifier(deps);
  const desk = createDesk({ ...deps, records });
  const health = createHealth(deps, () => worker);
  return {
    /** Creates what the configuration file names. */
    prepare: () => ensureManaged(deps),
    verify,
    hosted: createHosted({ ...deps, verify, servedAt: (url) => void (settings.publicUrl = url) }),
    ...noted,
    ...liveOnly(deps, {
      people: createPeople({ ...deps, records, verify, audit }),
      staff: createStaff({ ...deps, audit, verify }),
      audit,
      insights: createInsights(deps),
    }),
    desk,
    evidence: createEvidence({ ...deps, desk, records, audit }),
    applications: createApplications({ ...deps, audit }),
    keys: createKeys({ ...deps, audit }),
    receipts: createReceipts(deps),
    sessions: createSessions(deps),
    inbox: createInbox(deps),
    listRules: createListRules({ ...deps, audit }),
    providers: createProviders({ ...deps, audit }),
    testClock: createTestClock(deps),
    notMe: createNotMe(deps),
    report: (name, report) => noteReport(deps, { name }, report),
    callback: (scheme, request) => takeReport(deps, scheme, request),
    health: {
      ...health,
      drain() {
        health.drain();
        desk.live.close();
      },
    },
    once: (caller, request, run) => once(deps, caller, request, run),
    worker,
    channels: (mode) => availableChannels(deps, mode),
  };
}
