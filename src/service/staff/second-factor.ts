import type { Agent } from './agent.ts';
import { totpStep } from '../../crypto/index.ts';
import { changeAgent } from './find-agent.ts';
import type { StaffDeps } from './deps.ts';

const RECOVERY_CODES = 10;

/** Ten codes as people write them down, and their hashes. Each works once. */
export function newRecoveryCodes(deps: StaffDeps): { readonly codes: readonly string[]; readonly hashes: string[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, () => {
    const text = deps.env.randomText(12).toLowerCase();
    return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
  });
  return { codes, hashes: codes.map((code) => deps.ring.hashToken(foldRecovery(code))) };
}

function foldRecovery(code: string): string {
  return code.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
}

/** True for the right code of a step that was not used before; the step is used up in the same write. */
export async function useTotp(deps: StaffDeps, agent: Agent, code: string): Promise<boolean> {
  const now = await deps.store.verifications.time();
  const digits = code.replace(/[\s-]/g, '');
  const changed = await changeAgent(deps, agent.id, (known) => {
    const step = known.totp === null ? null : totpStep(known.totp.secret, digits, now);
    if (known.totp === null || step === null || step <= known.totp.lastStep) return null;
    return { ...known, totp: { ...known.totp, lastStep: step } };
  });
  return changed !== null;
}

/** True for a recovery code that was not used before; it is used up in the same write. */
export async function useRecovery(deps: StaffDeps, agent: Agent, code: string): Promise<Agent | null> {
  const folded = foldRecovery(code);
  return changeAgent(deps, agent.id, (known) => {
    const left = known.recovery.filter((hash) => !deps.ring.tokenMatches(folded, hash).matches);
    return left.length === known.recovery.length ? null : { ...known, recovery: left };
  });
}
