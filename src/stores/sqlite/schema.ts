/**
 * Tables of schema version 1. Everything a start writes lands at the end of a time-ordered tree: a random key would make
 * each start dirty a page of its own. `due_at` and `open_subject` are indexed only where they hold something.
 */
export const SCHEMA_1 = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- One row, written by every commit: the newest commit's time, and how far the address lookups reach.
CREATE TABLE clock (
  id INTEGER PRIMARY KEY, now INTEGER NOT NULL, unindexed INTEGER NOT NULL, indexed_through TEXT NOT NULL
);
INSERT INTO clock (id, now, unindexed, indexed_through) VALUES (1, 0, 0, '');

CREATE TABLE policy_snapshots (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);

CREATE TABLE verifications (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, application TEXT NOT NULL, mode TEXT NOT NULL, purpose TEXT NOT NULL,
  status TEXT NOT NULL, channel TEXT NOT NULL, country TEXT, to_index TEXT, limit_index TEXT NOT NULL,
  actor_type TEXT NOT NULL, actor_id TEXT, reference TEXT, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  closed_at INTEGER, due_at INTEGER, open_subject TEXT, policy INTEGER NOT NULL, last_event INTEGER, sealed_to TEXT, digest TEXT,
  sealed_code TEXT, body TEXT NOT NULL
) WITHOUT ROWID;
-- A record holds a digest as long as a code can still be right: pending, or approved and reusable within its life.
CREATE INDEX verifications_live_due ON verifications (due_at) WHERE digest IS NOT NULL;
CREATE INDEX verifications_spent_due ON verifications (due_at) WHERE digest IS NULL AND due_at IS NOT NULL;
CREATE UNIQUE INDEX verifications_subject ON verifications (open_subject) WHERE open_subject IS NOT NULL;

-- Verifications by the end of their blind index, in segments that are written sorted, once, long after the start.
CREATE TABLE lookup_segments (id INTEGER PRIMARY KEY, upto TEXT NOT NULL UNIQUE);
CREATE TABLE lookups (
  segment INTEGER NOT NULL, tail TEXT NOT NULL, verification TEXT NOT NULL, PRIMARY KEY (segment, tail, verification)
) WITHOUT ROWID;

CREATE TABLE sends (
  verification TEXT NOT NULL, id TEXT NOT NULL, application TEXT NOT NULL, mode TEXT NOT NULL, channel TEXT NOT NULL,
  generation INTEGER NOT NULL, limit_index TEXT NOT NULL, status TEXT NOT NULL, created_at INTEGER NOT NULL,
  deadline_at INTEGER NOT NULL, due_at INTEGER, leased INTEGER NOT NULL, body TEXT NOT NULL, progress TEXT,
  PRIMARY KEY (verification, id)
) WITHOUT ROWID;
CREATE INDEX sends_due ON sends (due_at, created_at) WHERE due_at IS NOT NULL;

-- Live messages in the order of their commits; what destination_sends counts.
CREATE TABLE send_log (seq INTEGER PRIMARY KEY, destination INTEGER NOT NULL, at INTEGER NOT NULL);

-- The events of one commit in one row, in the order of commits; each row names the one before of the same verification.
CREATE TABLE events (seq INTEGER PRIMARY KEY, previous INTEGER, body TEXT NOT NULL);

CREATE TABLE totals (
  application TEXT NOT NULL, day TEXT NOT NULL, mode TEXT NOT NULL, channel TEXT NOT NULL, country TEXT NOT NULL,
  kind TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (application, day, mode, channel, country, kind)
) WITHOUT ROWID;

CREATE TABLE counters (
  name TEXT PRIMARY KEY, window_start INTEGER NOT NULL, ends_at INTEGER, count REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX counters_end ON counters (ends_at) WHERE ends_at IS NOT NULL;

CREATE TABLE destinations (
  name TEXT PRIMARY KEY, window_start INTEGER NOT NULL, window_ms INTEGER NOT NULL, failures INTEGER NOT NULL,
  consecutive INTEGER NOT NULL, keep_until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX destinations_keep ON destinations (keep_until);

CREATE TABLE devices (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX devices_at ON devices (at);

CREATE TABLE idempotency (
  name TEXT PRIMARY KEY, body TEXT NOT NULL, id TEXT NOT NULL, answer TEXT, lease_until INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX idempotency_end ON idempotency (ends_at);

CREATE TABLE inbox (
  send_id TEXT PRIMARY KEY, verification TEXT NOT NULL, application TEXT NOT NULL, mode TEXT NOT NULL,
  channel TEXT NOT NULL, to_index TEXT NOT NULL, sealed TEXT NOT NULL, created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX inbox_created ON inbox (created_at);

CREATE TABLE applications (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE policies (
  application TEXT NOT NULL, purpose TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (application, purpose)
) WITHOUT ROWID;

CREATE TABLE keys (
  id TEXT PRIMARY KEY, application TEXT NOT NULL, mode TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
  hash TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, revoked_at INTEGER, last_used_at INTEGER
) WITHOUT ROWID;
CREATE INDEX keys_application ON keys (application);

CREATE TABLE people (
  id TEXT PRIMARY KEY, application TEXT NOT NULL, to_index TEXT NOT NULL, sealed TEXT NOT NULL, reference TEXT,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX people_address ON people (application, to_index);
CREATE INDEX people_application ON people (application, id);
`;

/** What the service keeps beside verifications. */
export const SCHEMA_2 = `
CREATE TABLE documents (
  kind TEXT NOT NULL, id TEXT NOT NULL, application TEXT NOT NULL, lookup TEXT, version INTEGER NOT NULL, body TEXT NOT NULL,
  created_at INTEGER NOT NULL, due_at INTEGER, ends_at INTEGER, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX documents_lookup ON documents (kind, lookup, id) WHERE lookup IS NOT NULL;
CREATE INDEX documents_application ON documents (kind, application, id);
CREATE INDEX documents_due ON documents (kind, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX documents_end ON documents (ends_at) WHERE ends_at IS NOT NULL;
`;

/** Why an agent asked for a code. */
export const SCHEMA_3 = `ALTER TABLE verifications ADD COLUMN reason TEXT`;

/** A ticket is looked for among a million records; starts without one pay nothing. The key of the table ends every index. */
export const SCHEMA_4 = `CREATE INDEX verifications_reference ON verifications (application, mode, reference)
  WHERE reference IS NOT NULL`;
