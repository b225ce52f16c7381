import type { Client } from 'pg';
import { WatchwordError } from '../../core/errors.ts';
import { WRITTEN } from '../sql/server/index.ts';

const OLDEST_VERSION = 120_000;

/**
 * What every connection is set to. Commits are durable, and wait for replicas where the server says so. Time-outs are a
 * little below those of the engine, so that the server gives up first, and that of a lock comes after the server looked for
 * a deadlock (1 s). Each statement sees what was committed before it. Every statement is written for an index: a plan that
 * was made while a table was small must not read it whole when it has grown.
 */
export const SETTINGS = `
SET statement_timeout = 2800; SET lock_timeout = 1500; SET idle_in_transaction_session_timeout = 3000;
SET default_transaction_isolation = 'read committed'; SET client_min_messages = warning;
SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off;
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')`;

/** What the server tells of itself. */
export interface Facts {
  readonly pid: number;
  readonly version: number;
  readonly version_name: string;
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly read_only: string;
  readonly recovering: string;
  readonly encoding: string;
  readonly missing_right: string | null;
}

/** Throws `unavailable`, saying what was found and what to do, when the server would break a promise. Returns the connection's number. */
export async function refuseUnfit(client: Client): Promise<number> {
  const { rows } = await client.query<Facts>(FACTS);
  const [facts] = rows;
  if (facts === undefined) throw new Error('PostgreSQL told nothing about itself.');
  const problem = problemOf(facts);
  if (problem !== null) throw new WatchwordError('unavailable', problem);
  return Number(facts.pid);
}

/** What makes a server unfit, with the cure; null = it is fit. */
export function problemOf(facts: Facts): string | null {
  if (facts.version < OLDEST_VERSION) {
    return `PostgreSQL ${facts.version_name} is too old. Use version 12 or newer.`;
  }
  if (facts.recovering === 'true' || facts.read_only === 'on') {
    const what = facts.recovering === 'true' ? 'a read-only replica' : 'read-only (default_transaction_read_only = on)';
    return `The server in DATABASE_URL is ${what}. Connect to the primary.`;
  }
  if (facts.fsync !== 'on') {
    return 'PostgreSQL runs with fsync = off: a crash would lose verdicts. Set fsync = on and restart it.';
  }
  if (facts.synchronous_commit === 'off' || facts.synchronous_commit === 'local') {
    return `PostgreSQL keeps synchronous_commit = ${facts.synchronous_commit}: a crash would lose verdicts. Let the user set it to on.`;
  }
  if (facts.encoding !== 'UTF8') {
    return `The database has the encoding ${facts.encoding}. Create it with ENCODING 'UTF8'.`;
  }
  if (facts.missing_right !== null) {
    return `The database user lacks ${facts.missing_right}. Grant it USAGE and CREATE on the schema and all rights on its tables.`;
  }
  return null;
}

/** The rights are looked at where there is something to have rights on; the rest is told by the statement that fails. */
const FACTS = `SELECT pg_backend_pid() AS pid,
  current_setting('server_version_num')::int AS version, current_setting('server_version') AS version_name,
  current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('transaction_read_only') AS read_only,
  pg_is_in_recovery()::text AS recovering,
  current_setting('server_encoding') AS encoding,
  (SELECT min(r.name || ' on table ' || t.name)
     FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS r (name),
       unnest(ARRAY['${WRITTEN.join("', '")}']) AS t (name)
     WHERE to_regclass(t.name) IS NOT NULL AND NOT has_table_privilege(to_regclass(t.name), r.name)) AS missing_right`;
