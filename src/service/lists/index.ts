import { ruleValue, type ListRule, type ListRuleView } from '../../core/list-rules.ts';
import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { isId, newId } from '../../core/id.ts';
import { timestamp, type ListView } from '../../core/views.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { Caller, ListRuleInput, ListRulesService } from '../api.ts';
import { type AuditTrail, doneBy } from '../audit/trail.ts';
import type { ServiceDeps } from '../deps.ts';
import { address, newest } from '../destination.ts';
import { liveSettingsProblem } from '../live-settings.ts';
import { MOST_RULES, RULE_KIND, type Rules } from './rules.ts';

export { createRules, type Rules } from './rules.ts';
export { type BlockingRule, insertBlocked } from './blocked.ts';

const NOT_FOUND: Problem = { code: 'not_found', detail: 'There is no such rule.' };

interface ListDeps extends ServiceDeps {
  readonly rules: Rules;
  readonly audit: AuditTrail;
}

interface Body extends ListRule {
  /** What is shown. */
  readonly shown: string;
  readonly by: string;
}

/** Block and allow lists of an application as its administrators see and change them. */
export function createListRules(deps: ListDeps): ListRulesService {
  return {
    add: (caller, input) => add(deps, caller, input),
    async list({ application }) {
      const found = await deps.store.documents.list({
        kind: RULE_KIND,
        application: application.id,
        limit: MOST_RULES,
      });
      return ok({ data: found.map(viewOf), has_more: false, next_cursor: null } satisfies ListView<ListRuleView>);
    },
    remove: (caller, id) => remove(deps, caller, id),
  };
}

async function add(deps: ListDeps, caller: Caller, input: ListRuleInput): Promise<Result<ListRuleView>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  const spelt = spelling(deps, caller, input);
  if (!spelt.ok) return spelt;
  const { application, actor } = caller;
  const there = await deps.store.documents.list({ kind: RULE_KIND, application: application.id, limit: MOST_RULES });
  const { list, type } = input;
  const same = there.find(({ body }) => {
    const rule = JSON.parse(body) as Body;
    return rule.list === list && rule.type === type && rule.value === spelt.value.value;
  });
  if (same !== undefined) return ok(viewOf(same));
  if (there.length >= MOST_RULES)
    return refuse({ code: 'conflict', detail: `An application has at most ${MOST_RULES} rules.` });
  const now = await deps.store.verifications.time();
  const body: Body = { list, type, ...spelt.value, by: actor.id ?? actor.type };
  const document: StoredDocument = {
    kind: RULE_KIND,
    id: newId('rul', now, deps.env.randomText(20)),
    application: application.id,
    index: null,
    version: 1,
    body: JSON.stringify(body),
    createdAt: now,
    dueAt: null,
    endsAt: null,
  };
  await deps.store.documents.put(document);
  deps.rules.forget();
  const data = { list, type, change: 'added' };
  await deps.audit.note({ ...doneBy(caller), action: 'list.changed', target: document.id, data });
  return ok(viewOf(document));
}

type Spelt = Pick<Body, 'value' | 'shown'>;

function spelling({ ring }: ListDeps, { application }: Caller, { type, value }: ListRuleInput): Result<Spelt> {
  if (type === 'destination') {
    const addressed = address(ring, application, value);
    if (!addressed.ok) return addressed;
    return ok({ value: newest(addressed.value.limitIndexes), shown: addressed.value.destination.masked });
  }
  const spelt = ruleValue(type, value);
  if (spelt !== null) return ok({ value: spelt, shown: spelt });
  const detail = {
    prefix: 'Write it as +44 or +447700.',
    country: 'Two letters, such as GB.',
    domain: 'Write it as mail.example.',
  };
  const error = { pointer: '/value', code: 'invalid_value', detail: detail[type] };
  return refuse({ code: 'invalid_request', detail: error.detail, errors: [error] });
}

async function remove(deps: ListDeps, caller: Caller, id: string): Promise<Result<{ readonly deleted: true }>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  const document = isId('rul', id) ? await deps.store.documents.get(RULE_KIND, id) : null;
  const { application } = caller;
  if (document === null || document.application !== application.id) return refuse(NOT_FOUND);
  await deps.store.documents.remove(RULE_KIND, id);
  deps.rules.forget();
  const { list, type } = JSON.parse(document.body) as Body;
  const data = { list, type, change: 'removed' };
  await deps.audit.note({ ...doneBy(caller), action: 'list.changed', target: id, data });
  return ok({ deleted: true });
}

function viewOf({ id, body, createdAt }: StoredDocument): ListRuleView {
  const { list, type, shown, by } = JSON.parse(body) as Body;
  return { id, object: 'list_rule', list, type, value: shown, by, created_at: timestamp(createdAt) };
}
