import type { TemplatePreviewView, TemplateView } from '../../../core/templates/views.ts';
import { CHANNELS } from '../../../core/verification.ts';
import { templateInputSchema } from '../../../schema/index.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { Table } from '../../components/table.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { Confirmation } from './confirmation.tsx';
import type { Scope } from './scope.ts';
import { TemplateForm } from './template-form.tsx';
import { errorsOfProblem, parsed, typedIn, type Errors, type Typed } from './typed.ts';

const FIELDS = ['channel', 'purpose', 'locale', 'subject', 'text', 'html', 'allow_links'];
const NEW: Typed = { channel: CHANNELS[0], text: '{brand} code: {code}' };
const MOST = 100;

/** The application's own words for its messages. */
export const TEMPLATES: readonly StaffRoute[] = [
  applicationPage('/templates', list),
  applicationPage('/templates/new', (visit, scope) => formPage(visit, scope, { typed: NEW })),
  applicationAct('/templates/new', save),
  applicationPage('/templates/:id', edit),
  applicationAct('/templates/:id', save),
  applicationPage('/templates/:id/remove', confirmRemoval),
  applicationAct('/templates/:id/remove', remove),
];

async function list(visit: Visit, scope: Scope): Promise<Page> {
  const { options, service } = visit;
  const found = await service.templates.list(scope.caller, { limit: MOST });
  const templates = found.ok ? found.value.data : [];
  const rows = templates.map((one) => ({
    cells: [
      <a href={href(options, `${scope.path}/templates/${one.id}`)}>{CHANNEL_WORDS[one.channel]}</a>,
      one.purpose ?? 'Any',
      one.locale ?? 'Any',
      <bdi>{one.text}</bdi>,
      one.managed ? 'The configuration file' : 'Here',
    ],
  }));
  const body = (
    <div class="stack-wide">
      {rows.length === 0 ? (
        <p class="card">Every message has our own words, in more than forty languages.</p>
      ) : (
        <section class="card card-flush">
          <Table caption="Templates" columns={['Channel', 'Purpose', 'Language', 'Words', 'Set by']} rows={rows} />
        </section>
      )}
      <p>
        <a class="btn btn-main" href={href(options, `${scope.path}/templates/new`)}>
          Word a message
        </a>
      </p>
    </div>
  );
  return framed(visit, scope, { tab: 'templates', body });
}

/** `SMS template, login, de`. */
function titleOf({ channel, purpose, locale }: TemplateView): string {
  return [`${CHANNEL_WORDS[channel]} template`, purpose ?? [], locale ?? []].flat().join(', ');
}

interface Shown {
  readonly typed: Typed;
  readonly errors?: Errors;
  readonly preview?: TemplatePreviewView;
  readonly saved?: TemplateView;
}

function formPage(visit: Visit, scope: Scope, { typed, errors = {}, preview, saved }: Shown): Page {
  const body = <TemplateForm visit={visit} scope={scope} {...{ typed, errors, preview, saved }} />;
  const failed = Object.keys(errors).length > 0;
  return framed(visit, scope, {
    tab: 'templates',
    title: saved === undefined ? 'Word a message' : titleOf(saved),
    failed,
    body,
  });
}

async function edit(visit: Visit, scope: Scope): Promise<Page | null> {
  const found = await visit.service.templates.get(scope.caller, visit.param('id'));
  if (!found.ok) return null;
  const saved = found.value;
  const typed = shownOf(saved);
  const read = await visit.service.templates.preview(scope.caller, previewInput(typed));
  return formPage(visit, scope, { typed, saved, ...(read.ok ? { preview: read.value } : {}) });
}

function shownOf(view: TemplateView): Typed {
  const { channel, purpose, locale, subject, text, html, allow_links: links } = view;
  return {
    channel,
    purpose: purpose ?? '',
    locale: locale ?? '',
    subject: subject ?? '',
    text,
    html: html ?? '',
    allow_links: links ? 'yes' : '',
  };
}

/** What the form makes for the schema; empty fields are not set. */
function inputOf(typed: Typed): Readonly<Record<string, unknown>> {
  const { channel = '', text = '', allow_links: links } = typed;
  const given = ['purpose', 'locale', 'subject', 'html'].filter((name) => (typed[name] ?? '') !== '');
  return {
    channel,
    text: text.replaceAll('\r\n', '\n'),
    allow_links: links === 'yes',
    ...Object.fromEntries(given.map((name) => [name, typed[name]])),
  };
}

type PreviewInput = Parameters<Visit['service']['templates']['preview']>[1];

function previewInput(typed: Typed): PreviewInput {
  const input = parsed(templateInputSchema, inputOf(typed));
  return 'errors' in input ? { channel: CHANNELS[0] } : input.value;
}

async function save(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page | null> {
  const { templates } = visit.service;
  const typed = typedIn(fields, FIELDS);
  const id = visit.param('id');
  const found = id === '' ? null : await templates.get(scope.caller, id);
  if (found !== null && !found.ok) return null;
  const shown = { typed, ...(found === null ? {} : { saved: found.value }) };
  const input = parsed(templateInputSchema, inputOf(typed));
  if ('errors' in input) return formPage(visit, scope, { ...shown, errors: input.errors });
  if (fields.text('act') === 'preview') {
    const read = await templates.preview(scope.caller, input.value);
    if (!read.ok) return formPage(visit, scope, { ...shown, errors: errorsOfProblem(read.problem) });
    return formPage(visit, scope, { ...shown, preview: read.value });
  }
  const done = await templates.put(scope.caller, input.value);
  if (!done.ok) return formPage(visit, scope, { ...shown, errors: errorsOfProblem(done.problem) });
  const text = 'Messages sent from now on have these words.';
  return { to: `${scope.path}/templates/${done.value.id}`, flash: { tone: 'good', title: 'Saved.', text } };
}

async function confirmRemoval(visit: Visit, scope: Scope): Promise<Page | null> {
  const found = await visit.service.templates.get(scope.caller, visit.param('id'));
  if (!found.ok || found.value.managed) return null;
  const path = `${scope.path}/templates/${found.value.id}`;
  const body = (
    <Confirmation visit={visit} action={`${path}/remove`} back={path} yes="Remove the words" no="Keep them">
      <p>Messages go out in our own words again, or in those of a template for more.</p>
    </Confirmation>
  );
  return framed(visit, scope, { tab: 'templates', title: `Remove the ${titleOf(found.value)}?`, body });
}

async function remove(visit: Visit, scope: Scope): Promise<Done | null> {
  const removed = await visit.service.templates.remove(scope.caller, visit.param('id'));
  if (!removed.ok) return null;
  return { to: `${scope.path}/templates`, flash: { tone: 'good', title: 'The words are removed.' } };
}
