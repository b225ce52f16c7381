/**
 * How every table is kept. Texts compare byte by byte, trailing blanks included, as ids do everywhere else: MySQL
 * (`/*!80017`) and MariaDB (`/*M!100600`) have such a collation under different names.
 */
const KEPT = `ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4
  /*!80017 COLLATE utf8mb4_0900_bin */ /*M!100600 COLLATE utf8mb4_nopad_bin */`;

const ID = 'VARCHAR(64)';
const NAME = 'VARCHAR(255)';
const WORD = 'VARCHAR(64)';
const INDEX = 'VARCHAR(128)';

/**
 * Tables of schema version 1, each with its indexes in one statement: what a killed migration left is found whole or not
 * at all by the next.
 *
 * Ids are time-ordered, and a table is kept in the order of its key, so a start writes at the end of each but for its
 * destination. There are no partial indexes: `live_due` and `spent_due` are null where the row is not to be found by them.
 */
export const SCHEMA_1: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS schema_migrations (
    version INT PRIMARY KEY, name ${NAME} NOT NULL, min_reader INT NOT NULL, applied_at BIGINT NOT NULL) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS policy_snapshots (id BIGINT PRIMARY KEY, body MEDIUMTEXT NOT NULL) ${KEPT}`,

  // A record holds a digest as long as a code can still be right: pending, or approved and reusable within its life.
  `CREATE TABLE IF NOT EXISTS verifications (
    id ${ID} PRIMARY KEY, version INT NOT NULL, application ${ID} NOT NULL, mode ${WORD} NOT NULL,
    purpose ${WORD} NOT NULL, status ${WORD} NOT NULL, channel ${WORD} NOT NULL, country ${WORD}, to_index ${INDEX},
    limit_index ${INDEX} NOT NULL, actor_type ${WORD} NOT NULL, actor_id ${NAME}, reference ${NAME},
    created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, closed_at BIGINT, due_at BIGINT, open_subject ${NAME},
    policy BIGINT NOT NULL, sealed_to TEXT, digest ${NAME}, sealed_code TEXT, body MEDIUMTEXT NOT NULL,
    live_due BIGINT GENERATED ALWAYS AS (IF(digest IS NULL, NULL, due_at)) STORED,
    spent_due BIGINT GENERATED ALWAYS AS (IF(digest IS NULL, due_at, NULL)) STORED,
    KEY verifications_live_due (live_due), KEY verifications_spent_due (spent_due),
    UNIQUE KEY verifications_subject (open_subject), KEY verifications_address (to_index, id),
    KEY verifications_application (application, mode, id)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS sends (
    verification ${ID} NOT NULL, id ${ID} NOT NULL, application ${ID} NOT NULL, mode ${WORD} NOT NULL,
    channel ${WORD} NOT NULL, generation INT NOT NULL, limit_index ${INDEX} NOT NULL, status ${WORD} NOT NULL,
    created_at BIGINT NOT NULL, deadline_at BIGINT NOT NULL, due_at BIGINT, leased INT NOT NULL, body MEDIUMTEXT NOT NULL,
    progress MEDIUMTEXT, PRIMARY KEY (verification, id), KEY sends_due (due_at, created_at), KEY sends_id (id)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS events (
    verification ${ID} NOT NULL, id ${ID} NOT NULL, seq INT NOT NULL, body MEDIUMTEXT NOT NULL,
    PRIMARY KEY (verification, id)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS totals (
    application ${ID} NOT NULL, day VARCHAR(10) NOT NULL, mode ${WORD} NOT NULL, channel ${WORD} NOT NULL,
    country ${WORD} NOT NULL, kind VARCHAR(128) NOT NULL, shard INT NOT NULL, count BIGINT NOT NULL,
    PRIMARY KEY (application, day, mode, channel, country, kind, shard)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS counters (
    name ${NAME} PRIMARY KEY, window_start BIGINT NOT NULL, ends_at BIGINT, count DOUBLE NOT NULL,
    KEY counters_end (ends_at)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS destinations (
    name ${NAME} PRIMARY KEY, window_start BIGINT NOT NULL, window_ms BIGINT NOT NULL, failures INT NOT NULL,
    consecutive INT NOT NULL, sends_ms BIGINT NOT NULL, sends MEDIUMTEXT NOT NULL, keep_until BIGINT NOT NULL,
    KEY destinations_keep (keep_until)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS devices (name ${NAME} PRIMARY KEY, at BIGINT NOT NULL, KEY devices_at (at)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS idempotency (
    name ${NAME} PRIMARY KEY, body ${NAME} NOT NULL, id ${ID} NOT NULL, answer MEDIUMTEXT, lease_until BIGINT NOT NULL,
    ends_at BIGINT NOT NULL, KEY idempotency_end (ends_at)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS inbox (
    send_id ${ID} PRIMARY KEY, verification ${ID} NOT NULL, application ${ID} NOT NULL, mode ${WORD} NOT NULL,
    channel ${WORD} NOT NULL, to_index ${INDEX} NOT NULL, sealed MEDIUMTEXT NOT NULL, created_at BIGINT NOT NULL,
    KEY inbox_created (created_at)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS applications (
    id ${ID} PRIMARY KEY, name ${NAME} NOT NULL, body MEDIUMTEXT NOT NULL, UNIQUE KEY applications_name (name)) ${KEPT}`,
  `CREATE TABLE IF NOT EXISTS policies (
    application ${ID} NOT NULL, purpose ${NAME} NOT NULL, body MEDIUMTEXT NOT NULL,
    PRIMARY KEY (application, purpose)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS api_keys (
    id ${ID} PRIMARY KEY, application ${ID} NOT NULL, mode ${WORD} NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
    hash ${NAME} NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT, revoked_at BIGINT, last_used_at BIGINT,
    KEY api_keys_application (application, id)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS people (
    application ${ID} NOT NULL, to_index ${INDEX} NOT NULL, id ${ID} NOT NULL, sealed TEXT NOT NULL, reference TEXT,
    created_at BIGINT NOT NULL, PRIMARY KEY (application, to_index), UNIQUE KEY people_id (application, id)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS documents (
    kind ${WORD} NOT NULL, id ${NAME} NOT NULL, application ${ID} NOT NULL, lookup ${NAME}, version INT NOT NULL,
    body MEDIUMTEXT NOT NULL, created_at BIGINT NOT NULL, due_at BIGINT, ends_at BIGINT, PRIMARY KEY (kind, id),
    KEY documents_lookup (kind, lookup, id), KEY documents_application (kind, application, id),
    KEY documents_due (kind, due_at), KEY documents_end (ends_at)) ${KEPT}`,

  `CREATE TABLE IF NOT EXISTS refusals (id ${ID} PRIMARY KEY, at BIGINT NOT NULL, KEY refusals_at (at)) ${KEPT}`,
];

/** Why an agent asked for a code. */
export const SCHEMA_2 = onlyOnce('columns', 'column', 'reason', `ADD COLUMN reason ${NAME}`);

/** A ticket is looked for among all records. */
export const SCHEMA_3 = onlyOnce(
  'statistics',
  'index',
  'verifications_reference',
  'ADD KEY verifications_reference (application, mode, reference, id)',
);

/** MySQL cannot say IF NOT EXISTS of a column or a key, and a killed migration may have added it. */
function onlyOnce(catalogue: string, what: string, name: string, change: string): readonly string[] {
  return [
    `SET @missing = (SELECT COUNT(*) = 0 FROM information_schema.${catalogue}
      WHERE table_schema = DATABASE() AND table_name = 'verifications' AND ${what}_name = '${name}')`,
    `SET @change = IF(@missing, 'ALTER TABLE verifications ${change}', 'DO 0')`,
    `PREPARE change_${name} FROM @change`,
    `EXECUTE change_${name}`,
    `DEALLOCATE PREPARE change_${name}`,
  ];
}
