import type { Settings } from '../../../config/index.ts';
import type { Database } from '../../../runtime/open-store.ts';
import { secretProblems } from '../../../runtime/secret-problems.ts';
import { openKeyRing } from '../../../runtime/secrets.ts';
import { haltedAt, isAnythingSealed } from '../../../service/audit/index.ts';
import { fail, fine, type Finding } from '../finding.ts';

const NAME = 'audit log';

/** One finding per application whose audit log is sealed no further. Nothing is looked at with a secret that is refused anyway. */
export async function auditFindings(settings: Settings, store: Database): Promise<Finding[]> {
  if (secretProblems(settings).length > 0) return [];
  // Development makes its secret where there is none: not for a look at nothing.
  if (!(await isAnythingSealed({ store }))) return [fine(NAME, 'nothing is sealed yet')];
  const deps = { store, ring: openKeyRing(settings) };
  const looked = (await store.applications.list()).map(async ({ id, name }) => halted(name, await haltedAt(deps, id)));
  const found = (await Promise.all(looked)).filter((finding) => finding !== null);
  return found.length > 0 ? found : [fine(NAME, 'sealing goes on from batches that this service signed')];
}

function halted(application: string, batch: number | null): Finding | null {
  if (batch === null) return null;
  return fail(
    NAME,
    `sealing of “${application}” is halted: this service did not sign batch ${batch} as it is`,
    `Run: watchword audit verify --application ${application}`,
  );
}
