/**
 * Something the service keeps beside verifications: settings of a feature, a delivery to make, a line of a log. What it is says its
 * `kind`, what it holds is that kind's own JSON (personal and secret parts sealed).
 */
export interface StoredDocument {
  readonly kind: string;
  /** Unique within its kind. */
  readonly id: string;
  readonly application: string;
  /** What it is found by beside its id; null = by its id only. */
  readonly index: string | null;
  /** 1 when it is new, one more with every change. */
  readonly version: number;
  readonly body: string;
  readonly createdAt: number;
  /** When it is to be worked on (epoch ms); null = never. */
  readonly dueAt: number | null;
  /** When it goes by itself (epoch ms); null = it stays. */
  readonly endsAt: number | null;
}

/**
 * The kinds that a commit may carry (`Changes.documents`). A store that records its commits later looks through what is not recorded
 * yet before it says that one of these is missing.
 */
export const COMMITTED_KINDS = [
  'audit',
  'ladder_step',
  'note',
  'provider_message',
  'provider_poll',
  'skip_review',
  'webhook_delivery',
] as const;

/** A document that may be written by the commit of a verification. */
export interface CommittedDocument extends StoredDocument {
  readonly kind: (typeof COMMITTED_KINDS)[number];
}

export interface DocumentQuery {
  readonly kind: string;
  readonly application?: string;
  readonly index?: string;
  /** Only ids after this one; before it when `newestFirst`. */
  readonly after?: string;
  readonly newestFirst?: boolean;
  readonly limit: number;
}

/** Durable before it answers, like every write of the store. */
export interface Documents {
  get(kind: string, id: string): Promise<StoredDocument | null>;
  /** Writes version 1 where none is, or replaces the version before. False, and nothing written, when another version is there. */
  put(document: StoredDocument): Promise<boolean>;
  /** True when it was there. */
  remove(kind: string, id: string): Promise<boolean>;
  /** In the order of ids. */
  list(query: DocumentQuery): Promise<readonly StoredDocument[]>;
  /**
   * Takes up to `limit` documents whose `dueAt` has come, oldest due first: each gets the next version and is due again after
   * `leaseMs`, so that two workers never hold one version and a dead one's come back.
   */
  claim(kind: string, now: number, limit: number, leaseMs: number): Promise<readonly StoredDocument[]>;
}
