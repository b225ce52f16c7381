import { sealed } from '../../core/redacted.ts';
import type { KeyRing } from '../../crypto/index.ts';
import type { HostedFlow } from '../api.ts';

/** What the sealed text is bound to beside its key. */
const BOUND_TO = 'flows';
/** More tabs than anyone keeps open at one code; the oldest falls out. */
const MOST_FLOWS = 4;
/** A cookie holds 4096 bytes: older flows give way before the newest does. */
const LONGEST = 3_600;

/** Seals flows for a cookie, the newest first; as many as a cookie takes. */
export function sealFlows(ring: KeyRing, flows: readonly HostedFlow[]): string {
  for (let count = Math.min(MOST_FLOWS, flows.length); ; count--) {
    const text = ring.seal('hosted', JSON.stringify(flows.slice(0, count)), BOUND_TO).reveal();
    if (text.length <= LONGEST || count <= 1) return text;
  }
}

/** The flows of a cookie; none when it is not ours to the last bit. */
export function openFlows(ring: KeyRing, text: string): readonly HostedFlow[] {
  const opened = ring.open('hosted', sealed(text), BOUND_TO);
  return opened === null ? [] : (JSON.parse(opened) as readonly HostedFlow[]);
}
