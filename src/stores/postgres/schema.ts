/**
 * Tables of schema version 1. Keys compare byte by byte (`COLLATE "C"`), as ids do everywhere else.
 *
 * Ids are time-ordered, so a start writes at the end of each tree but for its destination. Pages keep room
 * (`fillfactor`) for the next version of a row beside it: a failed check changes no indexed column and so touches no index.
 *
 * Events are keyed by verification and id: a recorder writes each exactly once, and the events of one record lie together.
 * Retention differs by policy, so a range of time seldom ends as a whole and dropping partitions would free little;
 * deleting a slice of the oldest records takes neighbouring rows of neighbouring pages, which vacuum gives back to the
 * free space map and, at the end of its round, in whole.
 */
export const SCHEMA_1: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY, name text NOT NULL, min_reader integer NOT NULL, applied_at bigint NOT NULL)`,

  `CREATE TABLE IF NOT EXISTS policy_snapshots (id bigint PRIMARY KEY, body text NOT NULL)`,

  `CREATE TABLE IF NOT EXISTS verifications (
    id text COLLATE "C" PRIMARY KEY, version integer NOT NULL, application text COLLATE "C" NOT NULL,
    mode text COLLATE "C" NOT NULL, purpose text NOT NULL, status text NOT NULL, channel text NOT NULL, country text,
    to_index text COLLATE "C", limit_index text NOT NULL, actor_type text NOT NULL, actor_id text, reference text,
    created_at bigint NOT NULL, expires_at bigint NOT NULL, closed_at bigint, due_at bigint,
    open_subject text COLLATE "C", policy bigint NOT NULL, sealed_to text, digest text, sealed_code text,
    body text NOT NULL) WITH (fillfactor = 80)`,
  // A record holds a digest as long as a code can still be right: pending, or approved and reusable within its life.
  `CREATE INDEX IF NOT EXISTS verifications_live_due ON verifications (due_at) WHERE digest IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS verifications_spent_due ON verifications (due_at)
    WHERE digest IS NULL AND due_at IS NOT NULL`,
  `CREATE UNIQUE INDEX IF NOT EXISTS verifications_subject ON verifications (open_subject)
    WHERE open_subject IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS verifications_address ON verifications (to_index, id) WHERE to_index IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS verifications_application ON verifications (application, mode, id)`,

  `CREATE TABLE IF NOT EXISTS sends (
    verification text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, application text NOT NULL, mode text NOT NULL,
    channel text NOT NULL, generation integer NOT NULL, limit_index text NOT NULL, status text NOT NULL,
    created_at bigint NOT NULL, deadline_at bigint NOT NULL, due_at bigint, leased integer NOT NULL, body text NOT NULL,
    progress text, PRIMARY KEY (verification, id)) WITH (fillfactor = 80)`,
  `CREATE INDEX IF NOT EXISTS sends_due ON sends (due_at, created_at) WHERE due_at IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS sends_queued ON sends (id) WHERE due_at IS NOT NULL`,

  `CREATE TABLE IF NOT EXISTS events (
    verification text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, seq integer NOT NULL, body text NOT NULL,
    PRIMARY KEY (verification, id))`,

  `CREATE TABLE IF NOT EXISTS totals (
    application text COLLATE "C" NOT NULL, day text COLLATE "C" NOT NULL, mode text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL, country text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL,
    shard integer NOT NULL, count bigint NOT NULL,
    PRIMARY KEY (application, day, mode, channel, country, kind, shard)) WITH (fillfactor = 50)`,

  `CREATE TABLE IF NOT EXISTS counters (
    name text COLLATE "C" PRIMARY KEY, window_start bigint NOT NULL, ends_at bigint, count double precision NOT NULL
    ) WITH (fillfactor = 80)`,
  `CREATE INDEX IF NOT EXISTS counters_end ON counters (ends_at) WHERE ends_at IS NOT NULL`,

  `CREATE TABLE IF NOT EXISTS destinations (
    name text COLLATE "C" PRIMARY KEY, window_start bigint NOT NULL, window_ms bigint NOT NULL, failures integer NOT NULL,
    consecutive integer NOT NULL, sends_ms bigint NOT NULL, sends text NOT NULL, keep_until bigint NOT NULL
    ) WITH (fillfactor = 80)`,
  `CREATE INDEX IF NOT EXISTS destinations_keep ON destinations (keep_until)`,

  `CREATE TABLE IF NOT EXISTS devices (name text COLLATE "C" PRIMARY KEY, at bigint NOT NULL)`,
  `CREATE INDEX IF NOT EXISTS devices_at ON devices (at)`,

  `CREATE TABLE IF NOT EXISTS idempotency (
    name text COLLATE "C" PRIMARY KEY, body text NOT NULL, id text NOT NULL, answer text, lease_until bigint NOT NULL,
    ends_at bigint NOT NULL) WITH (fillfactor = 80)`,
  `CREATE INDEX IF NOT EXISTS idempotency_end ON idempotency (ends_at)`,

  `CREATE TABLE IF NOT EXISTS inbox (
    send_id text COLLATE "C" PRIMARY KEY, verification text NOT NULL, application text COLLATE "C" NOT NULL,
    mode text NOT NULL, channel text NOT NULL, to_index text COLLATE "C" NOT NULL, sealed text NOT NULL,
    created_at bigint NOT NULL)`,
  `CREATE INDEX IF NOT EXISTS inbox_created ON inbox (created_at)`,

  `CREATE TABLE IF NOT EXISTS applications (
    id text COLLATE "C" PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE, body text NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS policies (
    application text COLLATE "C" NOT NULL, purpose text COLLATE "C" NOT NULL, body text NOT NULL,
    PRIMARY KEY (application, purpose))`,

  `CREATE TABLE IF NOT EXISTS api_keys (
    id text COLLATE "C" PRIMARY KEY, application text COLLATE "C" NOT NULL, mode text NOT NULL, name text NOT NULL,
    scopes text NOT NULL, hash text NOT NULL, created_at bigint NOT NULL, expires_at bigint, revoked_at bigint,
    last_used_at bigint)`,
  `CREATE INDEX IF NOT EXISTS api_keys_application ON api_keys (application, id)`,

  `CREATE TABLE IF NOT EXISTS people (
    application text COLLATE "C" NOT NULL, to_index text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL,
    sealed text NOT NULL, reference text, created_at bigint NOT NULL, PRIMARY KEY (application, to_index))`,
  `CREATE UNIQUE INDEX IF NOT EXISTS people_id ON people (application, id)`,

  `CREATE TABLE IF NOT EXISTS documents (
    kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, application text COLLATE "C" NOT NULL,
    lookup text COLLATE "C", version integer NOT NULL, body text NOT NULL, created_at bigint NOT NULL, due_at bigint,
    ends_at bigint, PRIMARY KEY (kind, id)) WITH (fillfactor = 80)`,
  `CREATE INDEX IF NOT EXISTS documents_lookup ON documents (kind, lookup, id) WHERE lookup IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS documents_application ON documents (kind, application, id)`,
  `CREATE INDEX IF NOT EXISTS documents_due ON documents (kind, due_at) WHERE due_at IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS documents_end ON documents (ends_at) WHERE ends_at IS NOT NULL`,

  `CREATE TABLE IF NOT EXISTS refusals (id text COLLATE "C" PRIMARY KEY, at bigint NOT NULL)`,
  `CREATE INDEX IF NOT EXISTS refusals_at ON refusals (at)`,
];

/** Why an agent asked for a code. */
export const SCHEMA_2: readonly string[] = ['ALTER TABLE verifications ADD COLUMN IF NOT EXISTS reason text'];

/** A ticket is looked for among all records; starts without one pay nothing. */
export const SCHEMA_3: readonly string[] = [
  `CREATE INDEX IF NOT EXISTS verifications_reference ON verifications (application, mode, reference, id)
    WHERE reference IS NOT NULL`,
];
