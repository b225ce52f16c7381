import type { AuditVerdictView } from '../core/audit-views.ts';
import type { Given } from './command.ts';
import { CommandError, EXITS } from './exit.ts';
import { refusal, valueOf } from './failure.ts';
import { findApplication, operator, withService } from './open.ts';
import type { Output } from './output.ts';

/** Checks audit logs from their first batch on: one application's, or all. Exit code 1 names the first altered entry. */
export async function verifyAudit({ values }: Given, output: Output): Promise<number> {
  return await withService(output, async (composition) => {
    const named = values['application'];
    const root = values['root'];
    if (root !== undefined && named === undefined)
      throw new CommandError('usage', '--root goes with --application: a root belongs to one log.');
    const applications =
      named === undefined ? await composition.store.applications.list() : [await findApplication(composition, named)];
    const verdicts: AuditVerdictView[] = [];
    for (const application of applications) {
      const result = await composition.service.audit.verify(operator(application), root);
      if (!result.ok) throw refusal(result.problem);
      verdicts.push(result.value);
    }
    const names = new Map(applications.map(({ id, name }) => [id, name]));
    const lines = verdicts.flatMap((verdict) => linesOf(names.get(verdict.application) ?? '', verdict));
    output.result({ intact: verdicts.every(({ intact }) => intact), data: verdicts }, lines);
    return verdicts.every(({ intact }) => intact) ? EXITS.ok.code : EXITS.failed.code;
  });
}

function linesOf(name: string, verdict: AuditVerdictView): readonly string[] {
  const { problem, entries, batches, erased, purged, root } = verdict;
  if (problem !== null) return [`${name}: BROKEN. ${problem.detail} (${problem.code})`];
  const rest = `${erased} erased, ${purged} purged`;
  return [`${name}: intact. ${entries} entries in ${batches} batches (${rest}). Root ${root ?? 'none yet'}`];
}

/** Writes the sealed log with its proofs as lines of JSON to standard output. */
export async function exportAudit({ values }: Given, output: Output): Promise<number> {
  return await withService(output, async (composition) => {
    const caller = operator(await findApplication(composition, values['application']));
    for await (const lines of valueOf(await composition.service.audit.export(caller))) process.stdout.write(lines);
    return EXITS.ok.code;
  });
}

/** Removes old entries; what was signed about them stays. */
export async function purgeAudit({ values }: Given, output: Output): Promise<number> {
  const text = values['days'] ?? '';
  if (!/^\d{1,5}$/.test(text)) throw new CommandError('usage', '--days must be a whole number of days.');
  return await withService(output, async (composition) => {
    const caller = operator(await findApplication(composition, values['application']));
    const deleted = await composition.service.audit.purge(caller, Number(text));
    output.result({ deleted }, [`Deleted ${deleted} entries; their signed roots and counts stay.`]);
    return EXITS.ok.code;
  });
}
