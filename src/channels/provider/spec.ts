import type { ChannelName } from '../../core/verification.ts';
import type {
  Accepted,
  DeliveryReport,
  Failure,
  FailureKind,
  Message,
  ReportReading,
  ReportRequest,
} from '../../ports/channel.ts';

/** One option of a provider's DSN. */
export interface OptionSpec {
  readonly doc: string;
  readonly required?: true;
  /** What a value must look like, with the words for it. */
  readonly pattern?: readonly [RegExp, what: string];
  readonly example?: string;
}

/** What a DSN for a provider looks like. */
export interface AccountSpec {
  /** Host of its API. May depend on options, e.g. a region. */
  readonly host: string | ((option: (name: string) => string | null) => string);
  /** What the DSN's user and password are at this provider, e.g. “account SID”; null = it takes none. */
  readonly user: string | null;
  readonly password: string | null;
  readonly options: Readonly<Record<string, OptionSpec>>;
}

/** What a DSN told about an account: `scheme://user:password@host:port?option=value`, `@default` for the provider's own host. */
export interface Account {
  readonly user: string;
  readonly password: string;
  /** `https://host` or `https://host:port`, http with `tls=0`; no slash at the end. */
  readonly baseUrl: string;
  /** True when the DSN names another host than the provider's own. */
  readonly isOverridden: boolean;
  /** The value of an option of the spec, null when it was not given. */
  option(name: string): string | null;
  /** Epoch ms, for signatures and tokens. */
  now(): number;
}

/** A finished request; `url` may begin with `/` and is then taken from `Account.baseUrl`. */
export interface ProviderRequest {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back. `json` is null when the body is no JSON. */
export interface ProviderAnswer {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
  header(name: string): string | null;
}

/** How a provider is asked about a message it took. */
export interface PollSpec {
  /** Whether this account is to be asked, e.g. because nothing is posted for it. */
  isNeeded(account: Account): boolean;
  request(messageId: string, account: Account): ProviderRequest;
  /** The news of a successful answer; null when there are none yet. `done`: asking again tells no more. */
  read(answer: ProviderAnswer, messageId: string): { readonly report: DeliveryReport | null; readonly done: boolean };
}

/**
 * A provider that is asked over HTTP: facts, how a message becomes a request, and how the answer reads. The specs are the one source
 * of the DSN check, the documentation's tables and the channel itself.
 */
export interface ProviderSpec extends AccountSpec {
  /** Scheme of its DSN. */
  readonly scheme: string;
  readonly title: string;
  readonly channels: readonly ChannelName[];
  /** The provider's own words for an error code and what they mean here; every documented code that can meet a message. */
  readonly errors: Readonly<Record<string, FailureKind>>;
  /** Whether an account’s messages carry nothing but the code, in words approved by the provider. Absent = never. */
  onlyCode?(account: Account, channel: ChannelName): boolean;
  /** How delivery is told afterwards. */
  readonly receipts: 'callback' | 'poll' | 'none';
  /** Where it first tells what a message cost and how many parts it had; absent = nowhere. */
  readonly tells?: Readonly<Partial<Record<'price' | 'segments', 'answer' | 'report' | 'question'>>>;
  /** How the provider counts what it charges. */
  readonly priceUnit: string;
  /** The request, or why none can be made of this message: then nobody is asked. */
  request(message: Message, account: Account): ProviderRequest | Failure | Promise<ProviderRequest | Failure>;
  /** Only called with an answer; time-outs and broken connections never get here. */
  outcome(answer: ProviderAnswer, account: Account): Accepted | Failure;
  /** Where it posts delivery reports, if it does: signature first, then time, then content. */
  report?(request: ReportRequest, account: Account): ReportReading | Promise<ReportReading>;
  readonly poll?: PollSpec;
}
