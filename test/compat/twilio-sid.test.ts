import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isId, newShortId } from '../../src/core/id.ts';
import { randomText } from '../../src/crypto/index.ts';
import { attemptSid, idOfSid, sidOfId } from '../../src/http/compat/twilio/sid.ts';

describe('SIDs of Twilio’s dialect', () => {
  it('name an id and lead back to it, whenever it was made', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_294_967_295_000 }), (now) => {
        const id = newShortId('vrf', now, randomText(20));
        const sid = sidOfId(id);
        expect(isId('vrf', id)).toBe(true);
        expect(sid).toMatch(/^VE[0-9a-f]{32}$/);
        expect(idOfSid(sid)).toBe(id);
        expect(attemptSid(sid, 3)).toMatch(/^VL[0-9a-f]{32}$/);
      }),
    );
  });

  it.each(['', 'VE', 'VEzz', `VA${'0'.repeat(32)}`, `VE${'0'.repeat(33)}`, 'vrf_01JB0M9S6V4T2K8R5XQZ3N7WYAHCDE'])(
    '%s names none',
    (text) => {
      expect(idOfSid(text)).toBeNull();
    },
  );
});
