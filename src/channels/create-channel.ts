import type { Secret } from '../core/redacted.ts';
import type { ChannelName } from '../core/verification.ts';
import type { Channel, DeliveryReport, Message } from '../ports/channel.ts';
import { type Dsn, parseDsn } from './dsn.ts';
import { createProviderChannel } from './provider/channel.ts';
import { PROVIDERS } from './providers/index.ts';
import { readTerms } from './route.ts';
import { checkDsn } from './schemes.ts';

/** What a channel may use of its surroundings. */
export interface ChannelTools {
  /** Keeps the message where `/dev/inbox` shows it. */
  inbox(message: Message): Promise<void>;
  /** Prints one line to the operator's terminal. */
  print(line: string): void;
  /** Epoch ms. */
  now(): number;
  /** Takes a report that came over a channel's own connection, by the channel's name; rejects when it could not be kept. */
  report?(channel: string, report: DeliveryReport): Promise<void>;
}

/**
 * Opens the provider that a DSN names, for messages of `kind`. Only that provider's code is loaded. Connects to nothing yet.
 * Throws an Error whose message is safe to show when the DSN is wrong or a file it names cannot be read.
 */
export async function createChannel(dsn: Secret, kind: ChannelName, tools: ChannelTools): Promise<Channel> {
  const problem = checkDsn(dsn.reveal(), kind);
  if (problem !== null) throw new Error(`The provider for ${kind} cannot be used: ${problem}.`);
  const parsed = parseDsn(dsn.reveal());
  if (!parsed.ok) throw new Error(`The provider for ${kind} cannot be used: ${parsed.problem}.`);
  const terms = readTerms(parsed.value);
  if (!terms.ok) throw new Error(`The provider for ${kind} cannot be used: ${terms.problem}.`);
  const { route, prices, timeoutMs } = terms.value;
  const channel = await open(parsed.value, kind, tools);
  return {
    ...channel,
    ...(route === null ? {} : { route }),
    ...(prices === null ? {} : { prices }),
    ...(timeoutMs === null ? {} : { timeoutMs }),
  };
}

async function open(dsn: Dsn, kind: ChannelName, tools: ChannelTools): Promise<Channel> {
  const spec = Object.hasOwn(PROVIDERS, dsn.scheme) ? PROVIDERS[dsn.scheme] : undefined;
  if (spec !== undefined) return createProviderChannel(spec, dsn, kind, tools);
  switch (dsn.scheme) {
    case 'inbox':
      return (await import('./inbox.ts')).createInboxChannel(kind, tools);
    case 'sandbox':
      return (await import('./sandbox.ts')).createSandboxChannel(kind, tools);
    case 'console':
      return (await import('./console.ts')).createConsoleChannel(kind, tools);
    case 'file':
      return (await import('./file.ts')).createFileChannel(dsn.path, kind);
    case 'webhook':
      return (await import('./webhook/channel.ts')).createWebhookChannel(dsn, kind, tools);
    case 'exec':
      return (await import('./exec/channel.ts')).createExecChannel(dsn, kind);
    case 'smpp':
    case 'smpps':
      return await (await import('./smpp/channel.ts')).createSmppChannel(dsn, tools);
    default:
      return await (await import('./smtp/channel.ts')).createSmtpChannel(dsn, tools);
  }
}
