import type { ChannelName } from '../../core/verification.ts';
import type {
  Accepted,
  Channel,
  Failure,
  Message,
  PollAnswer,
  ReportReading,
  ReportRequest,
} from '../../ports/channel.ts';
import type { Dsn } from '../dsn.ts';
import { readAccount } from './account.ts';
import { isSuccess } from './answers.ts';
import { callProvider } from './call.ts';
import { mailProblem } from './mail.ts';
import type { Account, PollSpec, ProviderSpec } from './spec.ts';

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
  const { report, poll } = spec;
  return {
    name: nameOf(spec, account, kind),
    channels: [kind],
    ...(spec.onlyCode?.(account, kind) === true ? { onlyCode: true } : {}),
    send: (message, signal) => send(spec, account, message, signal),
    ...(report === undefined ? {} : { report: (request) => readReport(spec, account, request) }),
    ...(poll?.isNeeded(account) === true
      ? { poll: (messageId, signal) => askAbout(poll, account, messageId, signal) }
      : {}),
  };
}

/** A question that fails is no news: it is asked again. */
async function askAbout(poll: PollSpec, account: Account, messageId: string, signal: AbortSignal): Promise<PollAnswer> {
  const answer = await callProvider(poll.request(messageId, account), account, signal);
  if ('type' in answer || !isSuccess(answer)) return { report: null, done: false };
  return poll.read(answer, messageId);
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
