import type { JSX } from 'hono/jsx/jsx-runtime';
import { PRESET_NAMES, PRESETS, type Policy } from '../../core/policy.ts';
import { Breakable, Code } from '../components/code.tsx';
import { Pre } from '../components/pre.tsx';
import { Inline, Prose } from '../components/prose.tsx';
import { Table } from '../components/table.tsx';
import { baseUrl, type Site } from '../site.ts';
import { DocsPage } from './layout.tsx';
import { FIELD_BOUNDS, FIELD_MEANINGS, POLICY_FIELDS, type PolicyField } from './policy-fields.ts';

const INTRO =
  'A policy is the set of numbers and choices that govern a verification. Every purpose of an application has one: the fields you set, over a preset, over `default`. The effective policy is frozen into a verification when it starts, so a change applies to codes started from then on.';

/** The presets side by side, and what each field means. */
export function PoliciesPage({ site }: { site: Site }): JSX.Element {
  return (
    <DocsPage site={site} title="Policies" lead="The presets, field by field." path="/docs/policies" groups={[]}>
      <section class="stack">
        <Prose text={INTRO} />
        <Pre label="Command to set a policy">
          {`curl -X PUT '${baseUrl(site)}/v1/policies/login' \\
  -H "Authorization: Bearer $WATCHWORD_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"preset": "customer-login", "ttl_seconds": 180}'`}
        </Pre>
      </section>
      <section class="card card-flush">
        <Table caption="Presets" columns={['Field', ...PRESET_NAMES]} rows={POLICY_FIELDS.map(presetRow)} />
      </section>
      <section class="card card-flush">
        <Table caption="Fields" columns={['Field', 'Range', 'Meaning']} rows={POLICY_FIELDS.map(meaningRow)} />
      </section>
    </DocsPage>
  );
}

function presetRow(field: PolicyField) {
  const standard = valueWord(PRESETS.default, field);
  const cells = PRESET_NAMES.map((name) => {
    const word = valueWord(PRESETS[name], field);
    const text = <Breakable text={word} />;
    return word === standard ? text : <strong>{text}</strong>;
  });
  return { cells: [<Code text={field} />, ...cells] };
}

function meaningRow(field: PolicyField) {
  return {
    cells: [<Code text={field} />, <Inline text={FIELD_BOUNDS[field]} />, <Inline text={FIELD_MEANINGS[field]} />],
  };
}

function valueWord(policy: Policy, field: PolicyField): string {
  if (field === 'code') return `${policy.code.length} ${policy.code.alphabet}`;
  if (field === 'channels') return policy.channels.length === 0 ? 'any' : policy.channels.join(', ');
  if (field === 'retention_days') return policy.retention_days === null ? 'for ever' : String(policy.retention_days);
  const value = policy[field];
  if (field === 'channel_wait_seconds' && policy[field].length === 0) return 'off';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
