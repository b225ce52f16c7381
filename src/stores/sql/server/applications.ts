import { WatchwordError } from '../../../core/errors.ts';
import type { PolicyOverrides } from '../../../core/policy.ts';
import type { Application, ApplicationStore } from '../../../ports/settings.ts';
import type { Parts } from './parts.ts';
import type { Statements } from './session.ts';
import { APPLICATIONS, POLICIES } from './tables.ts';

/** Applications and their policies on a database server, oldest application first. */
export function createApplicationStore({ reader }: Parts): ApplicationStore {
  return {
    async list() {
      const rows = await reader.rows('SELECT body FROM applications ORDER BY id');
      return rows.map(([body]) => JSON.parse(String(body)) as Application);
    },
    insert: (application) =>
      reader.transaction(async (session) => (await session.insert(APPLICATIONS, [lineOf(application)])) === 1),
    update: (application) =>
      reader.transaction(async (session) => {
        if (await isTaken(session, application))
          throw new WatchwordError('conflict', 'The name of the application is taken.');
        await session.update(APPLICATIONS, ['name', 'body'], [lineOf(application)]);
      }),
    async policies(application) {
      const rows = await reader.rows('SELECT purpose, body FROM policies WHERE application = ? ORDER BY purpose', [
        application,
      ]);
      return Object.fromEntries(rows.map(([purpose, body]) => [purpose, JSON.parse(String(body)) as PolicyOverrides]));
    },
    putPolicy: (application, purpose, policy) =>
      reader.transaction((session) => session.upsert(POLICIES, [[application, purpose, JSON.stringify(policy)]])),
  };
}

async function isTaken(session: Statements, { id, name }: Application): Promise<boolean> {
  const rows = await session.rows('SELECT id FROM applications WHERE name = ? AND id <> ?', [name, id]);
  return rows.length > 0;
}

function lineOf(application: Application): string[] {
  return [application.id, application.name, JSON.stringify(application)];
}
