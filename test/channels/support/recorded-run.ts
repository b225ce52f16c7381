import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Accepted, Failure } from '../../../src/ports/channel.ts';
import type { ProviderCall, ProviderReply } from './provider-server.ts';

const PAGE = fileURLToPath(new URL('../../../docs/channels/recorded-runs.md', import.meta.url));
const IS_RECORDING = process.env['WATCHWORD_RECORD'] === '1';

const HEAD = `# Recorded runs

One run of each kind of provider: what Watchword sent, what came back, and what it made of it. E-mail, SMS, voice, WhatsApp and Telegram
over HTTP; SMTP and SMPP over their own connections; a program (\`exec\`) and a gateway of your own (\`webhook\`); delivery reports and
incoming messages at \`/callbacks\`. \`node scripts/record-runs.mjs\` writes this page from the tests; they fail when it is not what happens.
The other side was a local server that speaks the provider's protocol as its public description shows it. **Live accounts were not used.**
Secrets, signatures and what differs each time are replaced by \`…\`.
`;

/** What was seen of one run, in order. */
export interface Run {
  readonly title: string;
  readonly steps: readonly Step[];
  /** What Watchword made of it. */
  readonly outcome: string;
  /** What must not be seen, or differs each time. */
  readonly secrets: readonly string[];
}

/** `label` stands above it. */
export interface Step {
  readonly label?: string;
  readonly language: 'http' | 'text' | 'sh';
  readonly text: string;
}

/** The recorded section of a run and the one that was just seen; recording, the former becomes the latter. */
export function recorded(run: Run): { readonly shown: string | null; readonly seen: string } {
  const seen = section(run);
  const sections = readSections();
  if (IS_RECORDING) {
    sections.set(run.title, seen);
    const ordered = [...sections].toSorted(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(PAGE, [HEAD, ...ordered.map(([, text]) => text)].join('\n'));
  }
  return { shown: IS_RECORDING ? seen : (sections.get(run.title) ?? null), seen };
}

/** A request as it arrived, without what only the connection is about. */
export function requestStep({ method, url, headers, body }: ProviderCall): Step {
  const lines = Object.entries(headers)
    .filter(([name]) => !['host', 'connection', 'content-length', 'user-agent', 'accept-encoding'].includes(name))
    .map(([name, value]) => `${name}: ${SECRET_HEADER.test(name) ? '…' : String(value)}`);
  return { language: 'http', text: [`${method} ${url}`, ...lines, '', body].join('\n') };
}

/** What was answered to a request. */
export function answerStep(reply: ProviderReply): Step {
  const text = typeof reply === 'string' ? reply : `${reply.status}\n\n${reply.body}`;
  return { label: 'Answer:', language: 'http', text };
}

/** What became of a message. */
export function outcomeText(outcome: Accepted | Failure): string {
  return outcome.type === 'accepted' ? `accepted, message id \`${outcome.messageId ?? 'none'}\`` : outcome.detail;
}

function readSections(): Map<string, string> {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
  return new Map(
    page
      .split(/^(?=## )/m)
      .slice(1)
      .map((text) => [/^## (.+)$/m.exec(text)?.[1] ?? '', `${text.trimEnd()}\n`] as const),
  );
}

function section({ title, steps, outcome, secrets }: Run): string {
  const hide = (text: string): string =>
    [...secrets].toSorted((a, b) => b.length - a.length).reduce((left, secret) => hidden(left, secret), text);
  const blocks = steps.map(({ label, language, text }) =>
    [...(label === undefined ? [] : [label, '']), `\`\`\`${language}`, hide(text.trimEnd()), '```', ''].join('\n'),
  );
  return [`## ${title}`, '', ...blocks, `Outcome: ${hide(outcome)}`, ''].join('\n');
}

const SECRET_HEADER = /authorization|signature|token|api-?key|x-amz-(?:date|content|security)/i;

/** The secret as it is and as forms write it. */
function hidden(text: string, secret: string): string {
  return text.replaceAll(secret, '…').replaceAll(encodeURIComponent(secret), '…');
}
