import { expect, it } from 'vitest';
import type * as client from '../../src/client/index.ts';
import type * as service from '../../src/service/api.ts';
import type * as people from '../../src/service/people/api.ts';
import type { StatsInput } from '../../src/service/insights/api.ts';

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
  true satisfies Same<client.TemplatePreviewInput, service.TemplatePreviewInput>,
  true satisfies Same<client.ProviderTestInput, service.ProviderTestInput>,
  true satisfies Same<client.ListRuleInput, service.ListRuleInput>,
  true satisfies Same<client.AgentInput, service.AgentInput>,
  true satisfies Same<client.AgentPatch, Parameters<service.AgentsService['update']>[2]>,
  true satisfies Same<client.CompanyInput, people.ClientInput>,
  true satisfies Same<Omit<client.RepresentativeInput, 'client'>, people.RepresentativeInput>,
  true satisfies Same<client.StatsQuery, StatsInput>,
];

it('the client’s requests are those of the service', () => {
  expect(SAME).not.toContain(false);
});
