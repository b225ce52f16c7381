import { expect, it } from 'vitest';
import type * as client from '../../src/client/index.ts';
import type * as service from '../../src/service/api.ts';

type Same<A, B> = [A, B] extends [B, A] ? true : never;

/** The client may import only core, so it spells the requests again: each must be what the service takes. Checked by the compiler. */
const SAME: readonly true[] = [
  true satisfies Same<client.To, service.To>,
  true satisfies Same<client.StartInput, service.StartInput>,
  true satisfies Same<client.CheckInput, service.CheckInput>,
  true satisfies Same<client.DestinationCheckInput, service.CheckByDestinationInput>,
  true satisfies Same<keyof client.VerificationQuery, keyof service.SearchInput>,
  true satisfies Same<keyof client.ApplicationInput, keyof service.ApplicationInput>,
  true satisfies Same<keyof client.ApiKeyInput, keyof service.KeyInput>,
  true satisfies Same<client.SuppressionInput, service.SuppressionInput>,
  true satisfies Same<client.WebhookInput, service.WebhookInput>,
];

it('the client’s requests are those of the service', () => {
  expect(SAME).not.toContain(false);
});
