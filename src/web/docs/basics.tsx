import type { JSX } from 'hono/jsx/jsx-runtime';
import { Pre } from '../components/pre.tsx';
import { Prose } from '../components/prose.tsx';
import { baseUrl, href, type Site } from '../site.ts';

const AUTHENTICATION =
  'Every call under `/v1` carries an API key: `Authorization: Bearer ww_live_…`. A `live` key sends through the configured providers; a `test` key only ever sends to the test inbox. A key has scopes: `send`, `check`, `read`, `admin`. It is shown once, when it is made.';
const IDEMPOTENCY =
  'Give a POST an `Idempotency-Key` of up to 255 characters, and it can be repeated safely for 24 hours: the same key with the same body gets the stored answer, an approval included. Another body with the same key is refused with `idempotency_mismatch`. Answers 429 and 5xx are not stored.';
const PAGING =
  'Lists are newest first and answer `{data, has_more, next_cursor}`. `limit` is 1 to 100, 20 without it. Give `next_cursor` back as `cursor` for the next page; a cursor is opaque and belongs to its filters.';

/** What holds for every call: keys, repeats, lists. */
export function Basics({ site }: { site: Site }): JSX.Element {
  return (
    <>
      <section class="stack" id="authentication">
        <h2>Authentication</h2>
        <Prose text={AUTHENTICATION} />
        <p class="measure">The examples read the key and nothing else from the environment:</p>
        <Pre label="Command to set the key">export WATCHWORD_KEY=ww_test_…</Pre>
        <p class="measure">
          The address of this service is <code>{baseUrl(site)}</code>. A refusal is a problem document with a stable
          code: see <a href={href(site, '/docs/errors')}>Errors</a>.
        </p>
      </section>
      <section class="stack" id="idempotency">
        <h2>Idempotency</h2>
        <Prose text={IDEMPOTENCY} />
      </section>
      <section class="stack" id="paging">
        <h2>Paging</h2>
        <Prose text={PAGING} />
      </section>
    </>
  );
}
