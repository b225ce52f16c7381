import { WatchwordError } from '../../core/errors.ts';
import type { PolicyOverrides } from '../../core/policy.ts';
import type { Application, ApplicationStore } from '../../ports/settings.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './writer.ts';

/** Applications and their policies on SQLite, oldest application first. */
export function createApplicationStore(connection: Connection, writer: Writer): ApplicationStore {
  return {
    list: () =>
      connection.read(() => {
        const rows = connection.sql('SELECT body FROM applications ORDER BY id').all() as { body: string }[];
        return rows.map((row) => JSON.parse(row.body) as Application);
      }),
    insert: (application) =>
      writer.write(() => {
        if (isTaken(connection, application)) return false;
        connection
          .sql('INSERT INTO applications (id, name, body) VALUES (?, ?, ?)')
          .run(application.id, application.name, JSON.stringify(application));
        return true;
      }),
    update: (application) =>
      writer.write(() => {
        if (isTaken(connection, application))
          throw new WatchwordError('conflict', 'The name of the application is taken.');
        connection
          .sql('UPDATE applications SET name = ?, body = ? WHERE id = ?')
          .run(application.name, JSON.stringify(application), application.id);
      }),
    policies: (application) =>
      connection.read(() => {
        const rows = connection
          .sql('SELECT purpose, body FROM policies WHERE application = ? ORDER BY purpose')
          .all(application) as { purpose: string; body: string }[];
        return Object.fromEntries(rows.map((row) => [row.purpose, JSON.parse(row.body) as PolicyOverrides]));
      }),
    putPolicy: (application, purpose, policy) =>
      writer.write(() => {
        connection.sql(PUT_POLICY).run(application, purpose, JSON.stringify(policy));
      }),
  };
}

function isTaken(connection: Connection, { id, name }: Application): boolean {
  return connection.sql('SELECT 1 FROM applications WHERE name = ? AND id <> ?').get(name, id) !== undefined;
}

const PUT_POLICY = `INSERT INTO policies (application, purpose, body) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET body = excluded.body`;
