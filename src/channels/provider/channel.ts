import type { ChannelName } from '../../core/verification.ts';
import type { Accepted, Channel, Failure, Message, ReportReading, ReportRequest } from '../../ports/channel.ts';
import type { Dsn } from '../dsn.ts';
import { readAccount } from './account.ts';
import { callProvider } from './call.ts';
import { mailProblem } from './mail.ts';
import type { Account, ProviderSpec } from './spec.ts';

/** The channel of a provider's spec. Connects to nothing yet; throws on a DSN that `checkDsn` refuses. */
export function createProviderChannel(
  spec: ProviderSpec,
  dsn: Dsn,
  kind: ChannelName,
  tools: { now(): number },
): Channel {
  const read = readAccount(spec, dsn, tools.now);
  if (!read.ok) throw new Error(`${spec.title} cannot be used: ${read.problem}.`);
  const account = read.value;
  const { report } = spec;
  return {
    name: nameOf(spec, account, kind),
    channels: [kind],
    send: (message, signal) => send(spec, account, message, signal),
    ...(report === undefined ? {} : { report: (request) => readReport(spec, account, request) }),
  };
}

/** Two accounts or senders of one provider are two providers to records, breakers and statistics. */
function nameOf({ scheme }: ProviderSpec, account: Account, kind: ChannelName): string {
  const from = account.option('from');
  const sender = from === null || kind === 'email' ? '' : `:${from}`;
  return `${scheme}${sender}${account.isOverridden ? `@${new URL(account.baseUrl).host}` : ''}`;
}

/** A report that cannot be read is refused like an unsigned one. */
async function readReport(spec: ProviderSpec, account: Account, request: ReportRequest): Promise<ReportReading> {
  try {
    return (await spec.report?.(request, account)) ?? { type: 'refused', reason: 'this provider posts no reports' };
  } catch {
    return { type: 'refused', reason: 'the report could not be read' };
  }
}

async function send(
  spec: ProviderSpec,
  account: Account,
  message: Message,
  signal: AbortSignal,
): Promise<Accepted | Failure> {
  const problem = message.channel === 'email' ? mailProblem(message, account) : null;
  if (problem !== null) return problem;
  const request = await spec.request(message, account);
  if ('type' in request) return request;
  const answer = await callProvider(request, account, signal);
  return 'type' in answer ? answer : spec.outcome(answer, account);
}
