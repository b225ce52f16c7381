import type { Result } from '../core/errors.ts';
import type { Policy, PolicyOverrides, PresetName } from '../core/policy.ts';
import type { LimitSettings } from '../core/limits.ts';
import type { ListRuleView } from '../core/list-rules.ts';
import type { Actor, ChannelName, Mode, Status, StringMap, Verification } from '../core/verification.ts';
import type {
  ApiKeyView,
  ApplicationView,
  CheckView,
  EventView,
  InboxMessageView,
  ListView,
  PersonView,
  PolicyView,
  PreviewView,
  ReceiptVerdictView,
  SendView,
  SuppressionView,
  VerificationView,
  WebhookDeliveryView,
  WebhookView,
} from '../core/views.ts';
import type { ProviderTestView, ProviderTotal, ProviderView } from '../core/provider-views.ts';
import type { TestClockView } from '../core/testing-views.ts';
import type { TemplateInput } from '../core/templates/template.ts';
import type { TemplatePreviewView, TemplateView } from '../core/templates/views.ts';
import type { WebhookEvent } from '../core/webhooks.ts';
import type { DeliveryReport, ReportRequest } from '../ports/channel.ts';
import type { Application, Scope } from '../ports/settings.ts';
import type { DeskService } from './desk/api.ts';
import type { AuditService } from './audit/api.ts';
import type { EvidenceService } from './evidence/api.ts';
import type { PeopleService } from './people/api.ts';
import type { InsightsService } from './insights/api.ts';
import type { StaffService } from './staff/api.ts';

export type { InsightsPage, InsightsService, StatsInput } from './insights/api.ts';
export type { AuditQuery, AuditService } from './audit/api.ts';
export type { AuditNote, AuditTrail } from './audit/trail.ts';
export type * from './desk/api.ts';
export type * from './staff/api.ts';

/**
 * The use cases as the edges (HTTP, pages, library, command line) see them. Expected refusals are returned as
 * `Result`; only a store that cannot answer throws (`WatchwordError('unavailable')`).
 */
export interface Caller {
  readonly application: Application;
  readonly mode: Mode;
  readonly actor: Actor;
  readonly scopes: readonly Scope[];
  /** The address that counts for `hosted_ip`; null for API keys and the library. */
  readonly browserIp: string | null;
}

/** An `Idempotency-Key` with what it is bound to. `body` is the exact request body. */
export interface IdempotencyRequest {
  readonly key: string;
  readonly path: string;
  readonly body: string;
}

/** `to` as the API takes it. */
export type To = string | { readonly phone: string; readonly country?: string } | { readonly email: string };

export interface StartInput {
  readonly to: To;
  readonly channel?: ChannelName;
  readonly channels?: readonly ChannelName[];
  readonly purpose?: string;
  readonly locale?: string;
  readonly context?: StringMap;
  readonly metadata?: StringMap;
  readonly reference?: string;
  /** Why: one of the application's reasons where an agent asks, any text elsewhere. */
  readonly reason?: string;
  readonly return_url?: string;
  readonly signals?: { readonly ip?: string; readonly user_agent?: string; readonly device_id?: string };
  /** Taken only where the policy says `custom_code`. */
  readonly code?: string;
  /** What only a façade asks for; no edge takes it from a request. */
  readonly facade?: {
    /** An id that fits 128 bits (see `newShortId`). */
    readonly short_id?: true;
    /** An open verification of the same context gets another message over the asked channel, whatever its ladder; no silent wait. */
    readonly resend_open?: true;
    /** Fixed lines take no SMS. */
    readonly no_landline?: true;
  };
}

/** What a façade knows of the verification it means: any other answers as unknown. */
export interface Expected {
  readonly purpose: string;
  readonly to?: To;
}

export interface CheckInput {
  readonly code: string;
  readonly context?: StringMap;
  readonly receipt?: boolean;
  /** Only a façade sets it; no edge takes it from a request. */
  readonly expected?: Expected;
}

export interface CheckByDestinationInput extends CheckInput {
  readonly to: To;
  readonly purpose?: string;
}

export interface Started {
  readonly verification: VerificationView;
  /** False when `on_open: reuse` answered with the open one (HTTP 200 instead of 201). */
  readonly created: boolean;
}

export interface Verifier {
  start(caller: Caller, input: StartInput, idempotency?: IdempotencyRequest | null): Promise<Result<Started>>;
  check(
    caller: Caller,
    id: string,
    input: CheckInput,
    idempotency?: IdempotencyRequest | null,
  ): Promise<Result<CheckView>>;
  checkByDestination(
    caller: Caller,
    input: CheckByDestinationInput,
    idempotency?: IdempotencyRequest | null,
  ): Promise<Result<CheckView>>;
  /** `channel: "next"` walks the ladder. */
  resend(
    caller: Caller,
    id: string,
    input: { readonly channel?: ChannelName | 'next' },
    idempotency?: IdempotencyRequest | null,
  ): Promise<Result<VerificationView>>;
  cancel(caller: Caller, id: string, idempotency?: IdempotencyRequest | null): Promise<Result<VerificationView>>;
  get(caller: Caller, id: string): Promise<Result<VerificationView>>;
  /** The open verification of a destination, where the policy allows checks by destination. */
  findOpen(caller: Caller, input: { readonly to: To; readonly purpose?: string }): Promise<Result<VerificationView>>;
  preview(caller: Caller, input: StartInput): Promise<Result<PreviewView>>;
}

/** Filters as the API takes them; `cursor` is opaque. Times are epoch ms. */
export interface SearchInput {
  readonly status?: Status;
  readonly channel?: ChannelName;
  readonly purpose?: string;
  readonly country?: string;
  readonly to?: string;
  /** `type` or `type:id`. */
  readonly actor?: string;
  readonly reference?: string;
  readonly reason?: string;
  readonly created_after?: number;
  readonly created_before?: number;
  readonly limit?: number;
  readonly cursor?: string;
}

/** A search by a page that must answer soon: see `RecordQuery`. */
export interface PatientSearch extends SearchInput {
  readonly patience?: number;
}

export interface RecordsService {
  search(caller: Caller, input: SearchInput): Promise<Result<ListView<VerificationView>>>;
  /** The same as records, for use cases that show more of them. */
  rows(
    caller: Caller,
    input: PatientSearch,
  ): Promise<
    Result<{
      readonly rows: readonly Verification[];
      readonly hasMore: boolean;
      readonly reached?: string;
      readonly now: number;
    }>
  >;
  /** Every match, newest first, read page by page (CSV export). */
  exportRows(caller: Caller, input: SearchInput): Promise<Result<AsyncIterable<VerificationView>>>;
  sends(caller: Caller, id: string): Promise<Result<ListView<SendView>>>;
  events(caller: Caller, id: string): Promise<Result<ListView<EventView>>>;
  /** Erases all traces of a destination in the caller's application. */
  erase(caller: Caller, to: To): Promise<Result<{ readonly erased: number }>>;
}

export interface ApplicationInput {
  readonly name?: string;
  readonly brand?: string;
  readonly preset?: PresetName;
  readonly default_country?: string | null;
  readonly countries?: readonly string[] | null;
  readonly time_zone?: string;
  readonly locale?: string;
  readonly return_urls?: readonly string[];
  readonly reasons?: readonly string[];
  readonly limits?: LimitSettings;
  readonly compat?: readonly string[];
  readonly frame_ancestors?: readonly string[];
  readonly accent?: string | null;
  readonly test_code?: string | null;
  readonly sends_stopped?: boolean;
  readonly desk_networks?: readonly string[];
}

export interface ApplicationsService {
  /** By id or name, from a cache at most a second old. */
  find(idOrName: string): Promise<Application | null>;
  create(
    caller: Caller,
    input: ApplicationInput & { readonly name: string },
    idempotency?: IdempotencyRequest | null,
  ): Promise<Result<ApplicationView>>;
  /** The caller's own; every one for `default`. */
  list(caller: Caller): Promise<Result<ListView<ApplicationView>>>;
  /** The caller as one of this application, which it may manage; null = there is none. */
  administered(caller: Caller, id: string): Promise<Caller | null>;
  get(caller: Caller, id: string): Promise<Result<ApplicationView>>;
  /** With `version` (see `versionOf`) only while these fields still are what was shown. */
  update(caller: Caller, id: string, input: ApplicationInput, version?: string): Promise<Result<ApplicationView>>;
  /** What clients of Twilio's dialect call it. */
  sids(application: Pick<Application, 'id'>): { readonly account_sid: string; readonly service_sid: string };
  policy(caller: Caller, purpose: string): Promise<Result<PolicyView>>;
  /** Those that were set, by purpose. */
  policies(caller: Caller): Promise<Result<ListView<PolicyView>>>;
  /** With `version` (a `fingerprint` of the overrides) only while they still are what was shown. */
  putPolicy(caller: Caller, purpose: string, overrides: PolicyOverrides, version?: string): Promise<Result<PolicyView>>;
}

export interface KeyInput {
  readonly mode: Mode;
  readonly scopes: readonly Scope[];
  readonly name?: string;
  readonly expires_at?: number;
}

export interface KeysService {
  /** The caller behind an API key, or null. At most a second behind a revocation. */
  authenticate(token: string): Promise<Caller | null>;
  /** `actor` (the command line without one) goes into the audit log. */
  create(application: Application, input: KeyInput, actor?: Actor): Promise<Result<ApiKeyView>>;
  list(application: Application): Promise<Result<ListView<ApiKeyView>>>;
  revoke(application: Application, id: string, actor?: Actor): Promise<Result<ApiKeyView>>;
}

/** Signed tokens that stand for a verification towards who started it. No table holds them. */
export interface SessionsService {
  /** `end` is epoch ms. Null = a token like any other that is for no verification. */
  issue(caller: Caller, verification: string | null, end: number): string;
  /** The verification of a token of this application and mode, else null. */
  open(caller: Caller, token: string): string | null;
}

export interface DirectoryService {
  put(
    caller: Caller,
    input: { readonly to: To; readonly name?: string; readonly reference?: string },
  ): Promise<Result<PersonView>>;
  list(
    caller: Caller,
    input: { readonly to?: string; readonly limit?: number; readonly cursor?: string },
  ): Promise<Result<ListView<PersonView>>>;
  remove(caller: Caller, to: To): Promise<Result<{ readonly deleted: true }>>;
  /** Re-binds a destination whose failed checks locked it. */
  rebind(caller: Caller, to: To): Promise<Result<{ readonly rebound: boolean }>>;
}

export interface ReceiptsService {
  /** The first valid call of the receipt's own application and mode uses up its `jti`. */
  verify(caller: Caller, receipt: string): Promise<Result<ReceiptVerdictView>>;
  jwks(): { readonly keys: readonly Readonly<Record<string, string>>[] };
}

export interface WebhookInput {
  readonly url: string;
  /** All when absent. */
  readonly events?: readonly WebhookEvent[];
  readonly description?: string | null;
}

export type { TemplateInput } from '../core/templates/template.ts';
/** One verification that a browser may enter the code of. The pages keep it in a sealed cookie. */
export interface HostedFlow {
  readonly id: string;
  readonly application: string;
  readonly mode: Mode;
  /** Handed back with the result; null = nothing. */
  readonly state: string | null;
  /** A registered address; null = the flow ends here. */
  readonly returnUrl: string | null;
  /** `request`: the pages started it. `link`: the API did, and the browser claimed it. */
  readonly origin: 'request' | 'link';
  /** Whether the code is bound to a context. */
  readonly bound: boolean;
  /** Random, of this browser alone: other flows and the API may be about the same verification. */
  readonly mark: string;
}

export interface HostedStart {
  readonly application: Application;
  readonly to: To;
  readonly channel: ChannelName | null;
  readonly locale: string;
  readonly state: string | null;
  readonly returnUrl: string | null;
  readonly browserIp: string | null;
}

/** A flow as it stands. `channels` can carry another message of it; `now` is the store's time. */
export interface HostedState {
  readonly verification: VerificationView;
  readonly policy: Policy;
  readonly application: Application;
  readonly channels: readonly ChannelName[];
  readonly now: number;
  /** What an agent on the phone sees too; null = no agent made the link. */
  readonly words: string | null;
}

/** A sign-in on this site. Times are epoch ms. */
export interface HostedSession {
  readonly application: string;
  readonly verification: string;
  readonly purpose: string;
  readonly masked: string;
  readonly since: number;
  readonly endsAt: number;
}

/** What hosted pages do beside the verifier. */
export interface HostedService {
  /** Tells where browsers reach the pages, with the base path; from then on `hosted_url` can be written. */
  servedAt(url: string): void;
  sealFlows(flows: readonly HostedFlow[]): string;
  /** None when the text was not sealed here. */
  openFlows(text: string): readonly HostedFlow[];
  /** The application and the channels a person may choose from; null when there is no such application. */
  choices(
    idOrName: string,
  ): Promise<{ readonly application: Application; readonly channels: readonly ChannelName[] } | null>;
  begin(start: HostedStart): Promise<Result<HostedFlow>>;
  /** Null when there is no such verification any more. */
  state(flow: HostedFlow): Promise<HostedState | null>;
  check(flow: HostedFlow, code: string, browserIp: string | null): Promise<Result<CheckView>>;
  resend(flow: HostedFlow, channel: ChannelName | null, browserIp: string | null): Promise<Result<VerificationView>>;
  /** Another verification of the same destination; null when that is forgotten, or the API started the flow. */
  restart(flow: HostedFlow, locale: string, browserIp: string | null): Promise<Result<HostedFlow> | null>;
  /** The flow that the address of a page names; null when it names none. */
  flowOfLink(token: string): Promise<HostedFlow | null>;
  isClaimed(flow: HostedFlow): Promise<boolean>;
  /** True for the first browser that asks, and for no other. */
  claim(flow: HostedFlow): Promise<boolean>;
  /** The receipt of a flow that the right code was entered in, the same `jti` every time; null for any other. */
  receipt(flow: HostedFlow): Promise<string | null>;
  /** A token for the cookie of this browser. */
  signIn(flow: HostedFlow, facts: { readonly purpose: string; readonly masked: string }): Promise<string>;
  session(token: string): Promise<HostedSession | null>;
  signOut(token: string): Promise<void>;
}

export type { Application } from '../ports/settings.ts';
export type { DeliveryReport, ReportRequest } from '../ports/channel.ts';

/** What became of a request to a provider's callback address. `answer` is echoed; `unknown`: no such provider posts here. */
export type CallbackOutcome =
  | { readonly type: 'noted' }
  | { readonly type: 'answer'; readonly body: string }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'unknown' };

/** Addresses that are told of events, and what became of each. Secrets are shown once. */
export interface WebhooksService {
  create(caller: Caller, input: WebhookInput): Promise<Result<WebhookView>>;
  list(caller: Caller): Promise<Result<ListView<WebhookView>>>;
  get(caller: Caller, id: string): Promise<Result<WebhookView>>;
  update(
    caller: Caller,
    id: string,
    input: Partial<WebhookInput> & { readonly enabled?: boolean },
  ): Promise<Result<WebhookView>>;
  remove(caller: Caller, id: string): Promise<Result<{ readonly deleted: true }>>;
  /** A new secret, shown once; the old one signs too for a day. */
  rotate(caller: Caller, id: string): Promise<Result<WebhookView>>;
  /** Queues a `webhook.test`. */
  test(caller: Caller, id: string): Promise<Result<WebhookDeliveryView>>;
  /** Newest first. */
  deliveries(
    caller: Caller,
    id: string,
    input: { readonly limit?: number; readonly cursor?: string },
  ): Promise<Result<ListView<WebhookDeliveryView>>>;
  /** One of them. */
  delivery(caller: Caller, id: string): Promise<Result<WebhookDeliveryView>>;
  redeliver(caller: Caller, id: string): Promise<Result<WebhookDeliveryView>>;
}

export interface SuppressionInput {
  readonly to: To;
  /** `manual` when absent. */
  readonly reason?: SuppressionView['reason'];
}

export type ListRuleInput = Pick<ListRuleView, 'list' | 'type' | 'value'>;

/** Block and allow lists: where nothing goes, or where alone something goes. */
export interface ListRulesService {
  /** The same rule twice is one. */
  add(caller: Caller, input: ListRuleInput): Promise<Result<ListRuleView>>;
  /** All, oldest first. */
  list(caller: Caller): Promise<Result<ListView<ListRuleView>>>;
  remove(caller: Caller, id: string): Promise<Result<{ readonly deleted: true }>>;
}

/** Destinations of an application that get nothing more. */
export interface SuppressionsService {
  add(caller: Caller, input: SuppressionInput): Promise<Result<SuppressionView>>;
  /** In no particular order; `to` finds what holds one destination back. */
  list(
    caller: Caller,
    input: { readonly to?: string; readonly limit?: number; readonly cursor?: string },
  ): Promise<Result<ListView<SuppressionView>>>;
  remove(caller: Caller, to: To): Promise<Result<{ readonly deleted: true }>>;
}

/** What the holder of a “this was not me” link sees. `closed` could not be canceled any more; `reported` was, or was told. */
export interface NotMeView {
  readonly brand: string;
  readonly locale: string;
  /** Masked. */
  readonly to: string;
  readonly state: 'open' | 'closed' | 'reported';
  /** The destination gets nothing more. */
  readonly suppressed: boolean;
}

/** “This was not me”. A link that does not work is null, whatever the reason. */
export interface NotMeService {
  /** Changes nothing. */
  look(token: string): Promise<NotMeView | null>;
  /** Ends the verification, once; `suppress` also has its destination get nothing more. */
  report(token: string, act: 'cancel' | 'suppress'): Promise<NotMeView | null>;
}

/** Without `text`: the words in use. */
export interface TemplatePreviewInput extends Omit<TemplateInput, 'text'> {
  readonly text?: string;
  readonly context?: StringMap;
}

/** Own words of messages; of both modes, at most a second behind a change made by any instance. */
export interface TemplatesService {
  /** In the order of ids, those of the configuration file too. */
  list(
    caller: Caller,
    input: {
      readonly channel?: ChannelName;
      readonly purpose?: string;
      readonly locale?: string;
      readonly limit?: number;
      readonly cursor?: string;
    },
  ): Promise<Result<ListView<TemplateView>>>;
  get(caller: Caller, id: string): Promise<Result<TemplateView>>;
  /** Writes the template of a channel, purpose and locale; refused with pointers when the linter finds an error. */
  put(caller: Caller, input: TemplateInput): Promise<Result<TemplateView>>;
  remove(caller: Caller, id: string): Promise<Result<{ readonly deleted: true }>>;
  /** What a message with these words would be; saves nothing. */
  preview(caller: Caller, input: TemplatePreviewInput): Promise<Result<TemplatePreviewView>>;
}

export interface InboxService {
  /** Messages of test sends of this application, for ten minutes. */
  list(caller: Caller, to?: string): Promise<Result<{ readonly data: readonly InboxMessageView[] }>>;
  /** Everything, for the development page. */
  all(to?: string): Promise<readonly (InboxMessageView & { readonly verification: string })[]>;
  clear(): Promise<void>;
}

/** Time for test keys: a test verification ends without anybody waiting for it. */
export interface TestClockService {
  read(caller: Caller): Promise<Result<TestClockView>>;
  /** Makes every open test verification of the application that much older. */
  advance(caller: Caller, seconds: number): Promise<Result<TestClockView>>;
}

export interface Health {
  readonly ready: boolean;
  readonly checks: Readonly<
    Record<
      string,
      { readonly ok: boolean; readonly reason?: string; readonly [fact: string]: string | number | boolean | undefined }
    >
  >;
}

export interface HealthService {
  /** Store, worker, queue depth and age, clock; each with a reason when it is not fine. */
  readiness(): Promise<Health>;
  /** From SIGTERM on, readiness says no. */
  drain(): void;
}

/** Runs any other POST at most once per key: the stored answer is given again. */
export type Once = <T>(
  caller: Caller,
  request: IdempotencyRequest | null | undefined,
  run: () => Promise<Result<T>>,
) => Promise<Result<T>>;

/** The background half: delivers sends, expires records, purges. */
export interface Worker {
  start(): void;
  /** Stops taking work, finishes what is under way (at most `graceMs`), gives the rest back. */
  stop(graceMs?: number): Promise<void>;
  /** One pass over everything that is due now; for tests and the command line. Returns how many sends were settled. */
  tick(): Promise<number>;
}

export interface ProviderTestInput {
  readonly channel: ChannelName;
  readonly provider: string;
  readonly to: To;
}

export interface ProvidersService {
  /** The providers of the caller's application with what was measured of them. */
  list(caller: Caller): Promise<Result<ListView<ProviderView>>>;
  /** One message through one provider, at most ten an hour; it is in the audit log. */
  test(caller: Caller, input: ProviderTestInput): Promise<Result<ProviderTestView>>;
  /** The same sums over all applications, for `/metrics`. */
  totals(): Promise<readonly ProviderTotal[]>;
}

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
