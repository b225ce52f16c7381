import type { Verification } from '../core/verification.ts';
import type { Caller } from './api.ts';
import type { ServiceDeps } from './deps.ts';
import { address } from './destination.ts';
import { limitContext, type LimitContext } from './limits.ts';

/** The limits of an open verification's next message. The address is opened, so that they are read under every key of the ring. */
export function limitsOfRecord(deps: ServiceDeps, record: Verification, caller: Caller): LimitContext {
  const value = record.sealedTo === null ? null : deps.ring.open('address', record.sealedTo, record.id);
  const addressed = value === null ? null : address(deps.ring, caller.application, value);
  const global = deps.settings.limits;
  if (addressed?.ok) return limitContext(deps.ring, global, caller, addressed.value);
  return { ring: deps.ring, global, caller, limitIndexes: [record.limitIndex], callingCode: null, phone: null };
}
