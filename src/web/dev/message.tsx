import type { JSX } from 'hono/jsx/jsx-runtime';
import { smsSize } from '../../core/segments.ts';
import { Badge } from '../components/badge.tsx';
import { Clock } from '../components/clock.tsx';
import { Pre } from '../components/pre.tsx';
import type { PagesOptions } from '../options.ts';
import { visible } from '../visible.ts';
import { CHANNEL_WORDS } from '../components/channel-words.ts';
import { CheckCommand } from './commands.tsx';
import type { InboxEntry } from './inbox.tsx';
import { findCode, MessageText, submittable } from './message-text.tsx';

const KEPT_MS = 10 * 60_000;

/** An id as we make them; anything else is not put into a command that people paste. */
const SHELL_SAFE = /^\w+$/;

/** One message in full: its text with the code marked, how to check it, and what the API says about it. */
export function Message({ entry, options }: { entry: InboxEntry; options: PagesOptions }): JSX.Element {
  const code = findCode(entry.text);
  return (
    <article class="card">
      <div class="card-head">
        <h2>
          {CHANNEL_WORDS[entry.channel]} to <bdi>{visible(entry.to)}</bdi>
        </h2>
        <Badge tone="good" word="In the inbox" />
      </div>
      {entry.subject === null ? null : (
        <p dir="auto">
          <strong>{visible(entry.subject)}</strong>
        </p>
      )}
      <div class="mail" dir="auto">
        <MessageText text={entry.text} code={code} />
      </div>
      {code === null || !SHELL_SAFE.test(entry.verification) ? null : (
        <CheckCommand options={options} verification={entry.verification} code={submittable(code)} />
      )}
      <Facts entry={entry} />
      <details>
        <summary>As JSON</summary>
        <Pre label="Message as JSON">{asJson(entry)}</Pre>
      </details>
      {entry.html === null ? null : (
        <details>
          <summary>HTML source</summary>
          <Pre label="HTML source of the message">{visible(entry.html)}</Pre>
        </details>
      )}
    </article>
  );
}

function Facts({ entry }: { entry: InboxEntry }): JSX.Element {
  const at = Date.parse(entry.created_at);
  return (
    <dl class="facts">
      <Fact name="Verification">
        <span class="mono small">{visible(entry.verification)}</span>
      </Fact>
      <Fact name="Send">
        <span class="mono small">{visible(entry.send_id)}</span>
      </Fact>
      <Fact name="Sent">
        <Clock at={at} />
      </Fact>
      <Fact name="Kept until">
        <Clock at={at + KEPT_MS} />
      </Fact>
      <Fact name="Size">{sizeWord(entry)}</Fact>
    </dl>
  );
}

function sizeWord(entry: InboxEntry): string {
  const characters = `${[...entry.text].length} characters`;
  if (entry.channel !== 'sms') return characters;
  const { segments } = smsSize(entry.text);
  return `${characters}, ${segments} ${segments === 1 ? 'segment' : 'segments'}`;
}

function Fact({ name, children }: { name: string; children?: unknown }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children as JSX.Element}</dd>
    </div>
  );
}

/** The message as `GET /v1/test/inbox` gives it. */
function asJson({ verification: _, ...message }: InboxEntry): string {
  return visible(JSON.stringify(message, null, 2));
}
