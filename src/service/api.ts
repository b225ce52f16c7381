import type { ChannelName, Mode } from '../core/verification.ts';
import type { DeliveryReport, ReportRequest } from '../ports/channel.ts';
import type { ApplicationsService } from './api/applications.ts';
import type { Once } from './api/caller.ts';
import type { DirectoryService } from './api/directory.ts';
import type { KeysService } from './api/keys.ts';
import type { ReceiptsService, SessionsService } from './api/proofs.ts';
import type { CallbackOutcome, ProvidersService } from './api/providers.ts';
import type { RecordsService } from './api/records.ts';
import type { HealthService, Worker } from './api/operation.ts';
import type { InboxService, TestClockService } from './api/testing.ts';
import type { Verifier } from './api/verifier.ts';
import type { AuditService } from './audit/api.ts';
import type { DeskService } from './desk/api.ts';
import type { EvidenceService } from './evidence/api.ts';
import type { HostedService } from './hosted/api.ts';
import type { InsightsService } from './insights/api.ts';
import type { ListRulesService } from './lists/api.ts';
import type { NotMeService } from './not-me/api.ts';
import type { PeopleService } from './people/api.ts';
import type { StaffService } from './staff/api.ts';
import type { SuppressionsService } from './suppressions/api.ts';
import type { TemplatesService } from './templates/api.ts';
import type { WebhooksService } from './webhooks/api.ts';

export type { InsightsPage, InsightsService, StatsInput } from './insights/api.ts';
export type { AuditQuery, AuditService } from './audit/api.ts';
export type { AuditNote, AuditTrail } from './audit/trail.ts';
export type { Application } from '../ports/settings.ts';
export type { DeliveryReport, ReportRequest } from '../ports/channel.ts';
export type { TemplateInput } from '../core/templates/template.ts';
export type * from './api/applications.ts';
export type * from './api/caller.ts';
export type * from './api/directory.ts';
export type * from './api/keys.ts';
export type * from './api/proofs.ts';
export type * from './api/providers.ts';
export type * from './api/records.ts';
export type * from './api/operation.ts';
export type * from './api/testing.ts';
export type * from './api/verifier.ts';
export type * from './desk/api.ts';
export type * from './hosted/api.ts';
export type * from './lists/api.ts';
export type * from './not-me/api.ts';
export type * from './staff/api.ts';
export type * from './suppressions/api.ts';
export type * from './templates/api.ts';
export type * from './webhooks/api.ts';

/**
 * The use cases as the edges (HTTP, pages, library, command line) see them, each area in a file of its own. Expected
 * refusals are returned as `Result`; only a store that cannot answer throws (`WatchwordError('unavailable')`).
 */
export interface Service {
  readonly verify: Verifier;
  readonly records: RecordsService;
  readonly desk: DeskService;
  readonly evidence: EvidenceService;
  readonly people: PeopleService;
  readonly applications: ApplicationsService;
  readonly templates: TemplatesService;
  readonly keys: KeysService;
  readonly directory: DirectoryService;
  readonly receipts: ReceiptsService;
  readonly sessions: SessionsService;
  readonly inbox: InboxService;
  readonly testClock: TestClockService;
  readonly webhooks: WebhooksService;
  readonly suppressions: SuppressionsService;
  readonly listRules: ListRulesService;
  readonly providers: ProvidersService;
  readonly notMe: NotMeService;
  readonly staff: StaffService;
  readonly audit: AuditService;
  readonly insights: InsightsService;
  readonly hosted: HostedService;
  /** Notes a report that a channel heard over its own connection. */
  readonly report: (channel: string, report: DeliveryReport) => Promise<void>;
  /** Takes what a provider posts about messages; only what its own signature proves is believed, and nothing approves. */
  readonly callback: (scheme: string, request: ReportRequest) => Promise<CallbackOutcome>;
  readonly health: HealthService;
  readonly once: Once;
  readonly worker: Worker;
  /** Channels that have a provider (or the inbox), for pages and preview. */
  readonly channels: (mode: Mode) => readonly ChannelName[];
}
