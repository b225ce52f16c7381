import type { JSX } from 'hono/jsx/jsx-runtime';
import { Code } from '../components/code.tsx';
import { Inline, Prose } from '../components/prose.tsx';
import { Pre } from '../components/pre.tsx';
import { Table } from '../components/table.tsx';
import type { Tone } from '../components/tone.ts';
import { baseUrl, href, type Site } from '../site.ts';
import { refusalsOf, type Refusal } from './codes.ts';
import { callExample, sampleOf } from './examples.ts';
import { fieldsOf, typeWord, type Field } from './fields.ts';
import type { OpenApiDocument, Operation, OperationAnswer, Schema } from './openapi.ts';

interface OperationProps {
  readonly site: Site;
  readonly document: OpenApiDocument;
  readonly operation: Operation;
}

const METHOD_TONES: Readonly<Record<string, Tone>> = {
  GET: 'info',
  POST: 'good',
  PUT: 'warn',
  PATCH: 'warn',
  DELETE: 'bad',
};

/** One call: what it does, its fields, examples, its answers and refusals. */
export function OperationSection({ site, document, operation }: OperationProps): JSX.Element {
  const answer = usualAnswer(operation);
  return (
    <section class="stack" id={operation.anchor}>
      <h2>{operation.title}</h2>
      <p>
        <span class={`method is-${METHOD_TONES[operation.method] ?? 'calm'}`}>{operation.method}</span>{' '}
        <Code text={operation.path} />
      </p>
      {operation.description === '' ? null : <Prose text={operation.description} />}
      {operation.secured ? null : <p class="quiet">Open to anyone: no key is needed.</p>}
      <div class="cols cols-half">
        <div class="stack">
          <Inputs document={document} operation={operation} />
          {answer === undefined ? null : <AnswerFields document={document} answer={answer} />}
        </div>
        <div class="stack">
          <Examples site={site} document={document} operation={operation} />
          {answer === undefined ? null : <AnswerExample document={document} answer={answer} title={operation.title} />}
        </div>
      </div>
      <Refusals site={site} refusals={refusalsOf(document, operation)} title={operation.title} />
    </section>
  );
}

/** Where a call has two good answers, the one that makes something (201) is the usual one. */
function usualAnswer(operation: Operation): OperationAnswer | undefined {
  return operation.answers.findLast(({ status }) => status.startsWith('2'));
}

function Inputs({ document, operation }: { document: OpenApiDocument; operation: Operation }): JSX.Element {
  return (
    <>
      {(['path', 'query', 'header'] as const).map((place) => (
        <FieldTable caption={PLACES[place]} fields={parameterFields(document, operation, place)} />
      ))}
      {operation.body === null ? null : (
        <FieldTable caption="Body" fields={bodyFields(document, operation.body.schema)} />
      )}
    </>
  );
}

const PLACES = { path: 'Path', query: 'Query', header: 'Headers' } as const;

function parameterFields(document: OpenApiDocument, operation: Operation, place: string): readonly Field[] {
  return operation.parameters
    .filter((parameter) => parameter.in === place)
    .flatMap((parameter) => {
      const required = parameter.required === true ? [parameter.name] : [];
      const [field] = fieldsOf(document, { properties: { [parameter.name]: parameter.schema ?? {} }, required });
      return field === undefined ? [] : [{ ...field, description: parameter.description ?? field.description }];
    });
}

/** The fields of a body; a body that is no object is one field without a name. */
function bodyFields(document: OpenApiDocument, schema: Schema): readonly Field[] {
  const fields = fieldsOf(document, schema);
  if (fields.length > 0) return fields;
  return [{ path: 'body', required: true, type: typeWord(document, schema), values: [], limits: [], description: '' }];
}

function FieldTable({ caption, fields }: { caption: string; fields: readonly Field[] }): JSX.Element | null {
  if (fields.length === 0) return null;
  const rows = fields.map((field) => ({
    cells: [
      <>
        <Code text={field.path} /> {field.required ? <small>required</small> : null}
      </>,
      field.type,
      <Meaning field={field} />,
    ],
  }));
  return (
    <section class="card card-flush">
      <Table caption={caption} columns={['Field', 'Type', 'Meaning']} rows={rows} />
    </section>
  );
}

function Meaning({ field }: { field: Field }): JSX.Element {
  const limits = field.limits.join('; ');
  return (
    <>
      <Inline text={field.description} />
      {field.values.length === 0 ? null : (
        <>
          {' '}
          {field.values.map((value, index) => (
            <>
              {index === 0 ? '' : ', '}
              <Code text={value} />
            </>
          ))}
        </>
      )}
      {limits === '' ? null : (
        <>
          {' '}
          <small>
            <Inline text={limits} />
          </small>
        </>
      )}
    </>
  );
}

function AnswerFields({ document, answer }: { document: OpenApiDocument; answer: OperationAnswer }): JSX.Element {
  const fields = answer.schema === null ? [] : fieldsOf(document, answer.schema);
  // What an answer always holds needs no “required” at every field.
  const shown = fields.map((field) => ({ ...field, required: false }));
  return shown.length === 0 ? (
    <p>
      Answers <code>{answer.status}</code>: <Inline text={answer.description} />
    </p>
  ) : (
    <details>
      <summary>Fields of the answer</summary>
      <FieldTable caption={`Answer ${answer.status}`} fields={shown} />
    </details>
  );
}

function Examples({ site, document, operation }: OperationProps): JSX.Element {
  const example = callExample(document, operation, baseUrl(site));
  return (
    <>
      <Pre label={`Command: ${operation.title}`}>{example.curl}</Pre>
      <details>
        <summary>In TypeScript</summary>
        <Pre label={`TypeScript: ${operation.title}`}>{example.typescript}</Pre>
      </details>
    </>
  );
}

function AnswerExample({
  document,
  answer,
  title,
}: {
  document: OpenApiDocument;
  answer: OperationAnswer;
  title: string;
}): JSX.Element | null {
  if (answer.schema === null || answer.type?.includes('json') !== true) return null;
  const value = answer.example ?? sampleOf(document, answer.schema);
  return (
    <Pre label={`Answer: ${title}`}>
      <i>
        {answer.status} <Inline text={answer.description} />
        {'\n'}
      </i>
      <Json value={value} />
    </Pre>
  );
}

/** Indented JSON with its keys in bold. */
function Json({ value }: { value: unknown }): JSX.Element {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return (
    <>
      {lines.map((line, index) => {
        const [, indent, key, rest] = /^(\s*)("(?:[^"\\]|\\.)*")(: .*)$/.exec(line) ?? [null, line, null, ''];
        return (
          <>
            {index === 0 ? '' : '\n'}
            {indent}
            {key === null ? null : <b>{key}</b>}
            {rest}
          </>
        );
      })}
    </>
  );
}

function Refusals({
  site,
  refusals,
  title,
}: {
  site: Site;
  refusals: readonly Refusal[];
  title: string;
}): JSX.Element | null {
  if (refusals.length === 0) return null;
  const rows = refusals.map(({ status, code, description }) => ({
    cells: [
      status,
      code === null ? (
        '–'
      ) : (
        <a href={href(site, `/docs/errors#${code}`)}>
          <Code text={code} />
        </a>
      ),
      <Inline text={description} />,
    ],
  }));
  return (
    <details>
      <summary>
        Errors<span class="visually-hidden"> of {title}</span>
      </summary>
      <section class="card card-flush">
        <Table caption={`Errors of ${title}`} columns={['Status', 'Code', 'What happened']} rows={rows} />
      </section>
    </details>
  );
}
