import { type ChannelTools, createChannel, createTestChannel } from '../channels/index.ts';
import type { Settings } from '../config/index.ts';
import { type Secret, Redacted, secret } from '../core/redacted.ts';
import { CHANNELS, type ChannelName } from '../core/verification.ts';
import type { Channel } from '../ports/channel.ts';
import type { Providers } from '../service/index.ts';

/** Providers as they are told: a DSN, or (library only) a channel object. */
export type ProviderList = Readonly<Partial<Record<ChannelName, readonly (Secret | Channel)[]>>>;

/** Opens the providers. In development a channel without one uses the inbox. */
export async function openProviders(
  list: ProviderList,
  mode: Settings['mode'],
  tools: ChannelTools,
): Promise<Providers> {
  const opened: Partial<Record<ChannelName, readonly Channel[]>> = {};
  for (const kind of CHANNELS) {
    const entries = list[kind] ?? (mode === 'development' ? [secret('inbox://')] : []);
    const channels = await Promise.all(entries.map((entry) => openOne(entry, kind, tools)));
    if (channels.length > 0) opened[kind] = channels;
  }
  return opened;
}

/** Opens only what an application names itself. */
export async function openOwnProviders(
  settings: Settings,
  tools: ChannelTools,
): Promise<Readonly<Record<string, Providers>>> {
  const own: Record<string, Providers> = {};
  for (const { name, providers } of settings.config.applications)
    own[name] = await openProviders(providers, 'production', tools);
  return own;
}

async function openOne(entry: Secret | Channel, kind: ChannelName, tools: ChannelTools): Promise<Channel> {
  return entry instanceof Redacted ? await createChannel(entry, kind, tools) : entry;
}

/** Where test sends go, whatever the channel. */
export async function openInbox(tools: ChannelTools): Promise<Channel> {
  const inbox = await createChannel(secret('inbox://'), 'email', tools);
  return createTestChannel({ ...inbox, channels: CHANNELS }, tools);
}

/** Every open channel once, to be closed. */
export function allChannels(groups: readonly Providers[]): readonly Channel[] {
  return [...new Set(groups.flatMap((group) => CHANNELS.flatMap((kind) => group[kind] ?? [])))];
}
