import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Accepted, Failure } from '../../../src/ports/channel.ts';
import type { ProviderCall, ProviderReply } from './provider-server.ts';

const PAGE = fileURLToPath(new URL('../../../docs/channels/recorded-runs.md', import.meta.url));
const IS_RECORDING = process.env['WATCHWORD_RECORD'] === '1';

const HEAD = `# Recorded runs

One run of each provider that is asked over HTTP: the request that Watchword sent, the answer, and what it made of it. \`node
scripts/record-runs.mjs\` writes this page from the tests; they fail when it is not what happens. The other side was a local server that
speaks the provider's protocol as its public description shows it. **Live accounts were not used.** Secrets, signatures and what differs each time
are replaced by \`…\`. How delivery reports are read is on each provider's page.
`;

export interface Run {
  readonly title: string;
  readonly call: ProviderCall;
  readonly reply: ProviderReply;
  readonly outcome: Accepted | Failure;
  /** What must not be seen. */
  readonly secrets: readonly string[];
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

function readSections(): Map<string, string> {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
  return new Map(
    page
      .split(/^(?=## )/m)
      .slice(1)
      .map((text) => [/^## (.+)$/m.exec(text)?.[1] ?? '', `${text.trimEnd()}\n`] as const),
  );
}

function section({ title, call, reply, outcome, secrets }: Run): string {
  const headers = Object.entries(call.headers)
    .filter(([name]) => !['host', 'connection', 'content-length', 'user-agent', 'accept-encoding'].includes(name))
    .map(([name, value]) => `${name}: ${SECRET_HEADER.test(name) ? '…' : String(value)}`);
  const body = typeof reply === 'string' ? reply : `${reply.status}\n\n${reply.body}`;
  const redact = (text: string): string =>
    [...secrets].toSorted((a, b) => b.length - a.length).reduce((left, secret) => hidden(left, secret), text);
  const lines = [
    `## ${title}`,
    '',
    '```http',
    redact([`${call.method} ${call.url}`, ...headers, '', call.body].join('\n').trimEnd()),
    '```',
    '',
    'Answer:',
    '',
    '```http',
    redact(body.trimEnd()),
    '```',
    '',
    `Outcome: ${outcome.type === 'accepted' ? `accepted, message id \`${outcome.messageId ?? 'none'}\`` : outcome.detail}`,
    '',
  ];
  return lines.join('\n');
}

const SECRET_HEADER = /authorization|signature|token|api-?key|x-amz-(?:date|content|security)/i;

/** The secret as it is and as forms write it. */
function hidden(text: string, secret: string): string {
  return text.replaceAll(secret, '…').replaceAll(encodeURIComponent(secret), '…');
}
