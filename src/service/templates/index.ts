import { ok, refuse, WatchwordError, type Problem, type Result } from '../../core/errors.ts';
import { findingsFor, lintProblem, warningsOf } from '../../core/templates/as-sent.ts';
import { canonicalLocale, type Template, templateFrom } from '../../core/templates/template.ts';
import type { TemplateView } from '../../core/templates/views.ts';
import { timestamp, type ListView } from '../../core/views.ts';
import type { Caller, TemplateInput, TemplatesService } from '../api.ts';
import type { ServiceDeps } from '../deps.ts';
import { liveSettingsProblem } from '../live-settings.ts';
import { BAD_CURSOR } from '../problems.ts';
import type { Tenant, Tenants } from '../tenants.ts';
import { BAD_LOCALE, previewTemplate, senderOf, type Visible } from './preview.ts';
import { documentId, TEMPLATE_KIND, templateDocument, type SavedTemplate } from './saved-template.ts';
import { MOST_TEMPLATES, type Templates } from './templates.ts';

export { contextProblem } from './context.ts';
export { chosenMessage } from './message.ts';
export { senderOf } from './preview.ts';
export { createTemplates, type Templates } from './templates.ts';

interface TemplatesDeps extends ServiceDeps {
  readonly tenants: Tenants;
  readonly templates: Templates;
}

const ID = /^tpl_[\w.-]{1,120}$/;
const NOT_FOUND: Problem = { code: 'not_found', detail: 'There is no such template.' };
const READ_ONLY: Problem = {
  code: 'conflict',
  detail: 'Set by the configuration file; change it there.',
  errors: [{ pointer: '', code: 'read_only', detail: 'is set by the configuration file' }],
};
const TOO_MANY: Problem = { code: 'conflict', detail: `An application has at most ${MOST_TEMPLATES} templates.` };
const PAGE = 20;
/** Two instances that write the same template at once: the later one wins. */
const MOST_ROUNDS = 8;

export function createTemplatesService(deps: TemplatesDeps): TemplatesService {
  return {
    list: async (caller, input) => page(deps, await visible(deps, caller), input),
    get: async (caller, id) => {
      const { tenant, templates } = await visible(deps, caller);
      const found = templates.find((template) => template.id === id);
      return found === undefined ? refuse(NOT_FOUND) : ok(templateView(deps, tenant, found));
    },
    put: (caller, input) => put(deps, caller, input),
    remove: (caller, id) => remove(deps, caller, id),
    preview: async (caller, input) => previewTemplate(deps, await visible(deps, caller), input),
  };
}

async function visible(deps: TemplatesDeps, { application }: Caller): Promise<Visible> {
  const tenant = await deps.tenants.find(application.id);
  if (tenant === null) throw new WatchwordError('unavailable', 'The application is not there any more.');
  return { tenant, templates: await deps.templates.of(tenant.application) };
}

function page(
  deps: ServiceDeps,
  { tenant, templates }: Visible,
  { channel, purpose, locale, limit = PAGE, cursor }: Parameters<TemplatesService['list']>[1],
): Result<ListView<TemplateView>> {
  if (cursor !== undefined && !cursor.startsWith('tpl_')) return refuse(BAD_CURSOR);
  const tag = locale === undefined ? undefined : canonicalLocale(locale);
  const found = templates.filter(
    (template) =>
      (channel === undefined || template.channel === channel) &&
      (purpose === undefined || template.purpose === purpose) &&
      (tag === undefined || template.locale === tag) &&
      (cursor === undefined || template.id > cursor),
  );
  const data = found.slice(0, limit).map((template) => templateView(deps, tenant, template));
  const hasMore = found.length > limit;
  return ok({ data, has_more: hasMore, next_cursor: hasMore ? (data.at(-1)?.id ?? null) : null });
}

async function put(deps: TemplatesDeps, caller: Caller, input: TemplateInput): Promise<Result<TemplateView>> {
  const { tenant, templates } = await visible(deps, caller);
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  const template = templateFrom(input);
  if (template === null) return refuse(BAD_LOCALE);
  const fixed = templates.find(({ id, managed }) => managed && id === template.id);
  if (fixed !== undefined) return refuse(READ_ONLY);
  const problem = lintProblem(findingsFor(template, senderOf(deps, tenant, template)));
  if (problem !== null) return refuse(problem);
  const isNew = !templates.some(({ id }) => id === template.id);
  if (isNew && templates.length >= MOST_TEMPLATES) return refuse(TOO_MANY);
  const saved = await save(deps, caller.application.id, template);
  return ok(templateView(deps, tenant, saved));
}

async function save(deps: TemplatesDeps, application: string, template: Template): Promise<SavedTemplate> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const now = await deps.store.verifications.time();
    const before = await deps.store.documents.get(TEMPLATE_KIND, documentId(application, template.id));
    const version = (before?.version ?? 0) + 1;
    const createdAt = before?.createdAt ?? now;
    const saved: SavedTemplate = { ...template, managed: false, version, createdAt, updatedAt: now };
    if (await deps.store.documents.put(templateDocument(application, saved, createdAt))) {
      deps.templates.forget(application);
      return saved;
    }
  }
  throw new WatchwordError('unavailable', 'The template is being changed by others; try again.');
}

async function remove(deps: TemplatesDeps, caller: Caller, id: string): Promise<Result<{ readonly deleted: true }>> {
  const { templates } = await visible(deps, caller);
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  if (templates.some((template) => template.managed && template.id === id)) return refuse(READ_ONLY);
  if (!ID.test(id)) return refuse(NOT_FOUND);
  const removed = await deps.store.documents.remove(TEMPLATE_KIND, documentId(caller.application.id, id));
  deps.templates.forget(caller.application.id);
  return removed ? ok({ deleted: true }) : refuse(NOT_FOUND);
}

function templateView(deps: ServiceDeps, tenant: Tenant, template: SavedTemplate): TemplateView {
  const { version: _version, createdAt, updatedAt, id, ...rest } = template;
  return {
    id,
    object: 'template',
    ...rest,
    warnings: warningsOf(findingsFor(template, senderOf(deps, tenant, template))),
    created_at: createdAt === null ? null : timestamp(createdAt),
    updated_at: updatedAt === null ? null : timestamp(updatedAt),
  };
}
