import type { JSX } from 'hono/jsx/jsx-runtime';
import { ERRORS, type ErrorCode } from '../../core/errors.ts';
import { Code } from '../components/code.tsx';
import { Pre } from '../components/pre.tsx';
import { Inline, Prose } from '../components/prose.tsx';
import { Table } from '../components/table.tsx';
import { baseUrl, type Site } from '../site.ts';
import { ERROR_ADVICE } from './error-advice.ts';
import { ERROR_CODES } from './codes.ts';
import { DocsPage } from './layout.tsx';

const FORMAT =
  'A refusal is `application/problem+json` (RFC 9457). Decide by `code`: it is stable, while `title` and `detail` are for people. `errors` points at each wrong field, `limit` names a limit that is reached, `next_send_at` says when the next message may go out. A 429 and a 503 carry `Retry-After`.';
const TYPE =
  'The `type` of a problem is the address of its code on this page. Quote `request_id` when you ask for help.';

/** Every error code. The `type` of each problem points at its row. */
export function ErrorsPage({ site }: { site: Site }): JSX.Element {
  const rows = ERROR_CODES.map((code) => ({ id: code, cells: errorCells(code) }));
  return (
    <DocsPage
      site={site}
      title="Errors"
      lead="Every code an answer can carry, and the way on."
      path="/docs/errors"
      groups={[]}
    >
      <section class="stack">
        <Prose text={`${FORMAT}\n\n${TYPE}`} />
        <Pre label="A problem document">{JSON.stringify(exampleProblem(site), null, 2)}</Pre>
      </section>
      <section class="card card-flush">
        <Table caption="Error codes" columns={['Code', 'Status', 'What happened', 'What to do']} rows={rows} />
      </section>
    </DocsPage>
  );
}

function errorCells(code: ErrorCode): readonly JSX.Element[] {
  const { status, title, doc } = ERRORS[code];
  return [
    <Code text={code} />,
    <>{String(status)}</>,
    <>
      <strong>{title}.</strong> <Inline text={doc} />
    </>,
    <Inline text={ERROR_ADVICE[code]} />,
  ];
}

function exampleProblem(site: Site): object {
  const code = 'send_cooldown' satisfies ErrorCode;
  return {
    type: `${baseUrl(site)}/docs/errors#${code}`,
    title: ERRORS[code].title,
    status: ERRORS[code].status,
    detail: 'The next message may go out in 21 seconds.',
    code,
    request_id: 'req_…',
    next_send_at: '2026-11-20T03:02:41Z',
  };
}
