import { start, type StartFields } from '../../src/core/machine/index.ts';
import { PRESETS, type Policy } from '../../src/core/policy.ts';
import { digest, sealed } from '../../src/core/redacted.ts';
import type { Verification } from '../../src/core/verification.ts';

/** When everything starts, ms. */
export const T0 = 1_700_000_000_000;

/** What the service hands the machine for a start. */
export function fields(policy: Partial<Policy> = {}): StartFields {
  return {
    id: `vrf_${'0'.repeat(30)}`,
    application: 'app_a',
    mode: 'live',
    purpose: 'login',
    to: { type: 'phone', masked: '+1 415 ••• ••71', country: 'US', line_type: 'mobile' },
    sealedTo: sealed('to'),
    toIndex: 'index',
    limitIndex: 'limit',
    channel: 'sms',
    channels: ['sms', 'voice'],
    channelWaitSeconds: null,
    locale: 'en',
    policy: { ...PRESETS.default, ...policy },
    digest: digest('d1'),
    sealedCode: sealed('c1'),
    sealedText: null,
    ownCode: false,
    context: null,
    metadata: {},
    reference: null,
    reason: null,
    returnUrl: null,
    actor: { type: 'api_key', id: 'key_1' },
    deviceIndex: null,
    silent: false,
  };
}

/** A verification that just started under this policy. */
export const started = (policy: Partial<Policy> = {}): Verification => start(fields(policy), T0).next;
