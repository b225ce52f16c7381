import type { StatsView } from '../core/insight-views.ts';
import type { ListRuleView } from '../core/list-rules.ts';
import type { Role } from '../core/staff.ts';
import type { TemplateInput } from '../core/templates/template.ts';
import type { ChannelName, StringMap } from '../core/verification.ts';
import type { PageQuery, To } from './inputs.ts';

export type { TemplateInput };

/** Without `text`: the words in use. */
export interface TemplatePreviewInput extends Omit<TemplateInput, 'text'> {
  readonly text?: string;
  readonly context?: StringMap;
}

export interface TemplateQuery extends PageQuery {
  readonly channel?: ChannelName;
  readonly purpose?: string;
  readonly locale?: string;
}

export interface ProviderTestInput {
  readonly channel: ChannelName;
  /** Its name, as `providers.list` tells it. */
  readonly provider: string;
  readonly to: To;
}

export type ListRuleInput = Pick<ListRuleView, 'list' | 'type' | 'value'>;

export interface AgentInput {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** One is made, and shown once, when it is absent. */
  readonly password?: string;
}

export interface AgentPatch {
  readonly name?: string;
  readonly role?: Role;
  readonly active?: boolean;
}

export interface CompanyInput {
  readonly company: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | null;
  readonly reference?: string | null;
}

/** A mobile number or an e-mail address is needed; a number without calling code is read as one of `country`. */
export interface RepresentativeInput {
  /** The id of the client. */
  readonly client: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly role?: string | null;
  readonly country?: string | null;
  readonly mobile?: string | null;
  readonly email?: string | null;
}

export type RepresentativePatch = Partial<Omit<RepresentativeInput, 'client'>> & { readonly active?: boolean };

export interface RepresentativeQuery extends PageQuery {
  readonly client?: string;
}

/** Times are RFC 3339. `action` is a whole action (`key.created`) or its first word. */
export interface AuditQuery extends PageQuery {
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  readonly created_after?: string;
  readonly created_before?: string;
}

/** Days of UTC, `2026-11-20`, both in. */
export interface StatsQuery {
  readonly from: string;
  readonly to: string;
  readonly group_by?: StatsView['group_by'];
}
