import type { FacadeCall } from './facade.ts';

/**
 * The end (epoch ms) of the newest code of a destination when its attempts are used up and it would still run; else null. A
 * check by destination finds only what is open, and these dialects tell the two apart.
 */
export async function spentAttempts(
  { service, caller, options }: FacadeCall,
  { to, purpose }: { readonly to: string; readonly purpose: string },
): Promise<number | null> {
  const found = await service.records.search(caller, { to, purpose, limit: 1 });
  const newest = found.ok ? found.value.data[0] : undefined;
  if (newest === undefined) return null;
  const end = Date.parse(newest.expires_at);
  return newest.status === 'failed' && newest.status_reason === 'max_checks' && options.now() < end ? end : null;
}
