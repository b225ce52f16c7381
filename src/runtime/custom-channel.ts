import { Redacted } from '../core/redacted.ts';
import { CHANNELS, type ChannelName } from '../core/verification.ts';
import type { Channel } from '../ports/channel.ts';
import { isModuleName, loadModule } from './custom-module.ts';
import type { LibraryProviders } from './library-options.ts';
import type { ProviderList } from './providers.ts';
import { SettingsError } from './settings-error.ts';

const OPTIONAL_CALLS = ['probe', 'report', 'poll', 'close'] as const;

/** What keeps `value` from carrying messages of `kind`, each naming the member; none when it is a channel. */
export function channelFaults(value: unknown, kind: ChannelName): readonly string[] {
  if (typeof value !== 'object' || value === null) return ['it must be an object'];
  const { name, channels, send } = value as Partial<Record<keyof Channel, unknown>>;
  const faults: string[] = [];
  if (typeof name !== 'string' || name === '') faults.push('name must be a text that records may show');
  if (!Array.isArray(channels)) faults.push(`channels must list what it carries, e.g. ['${kind}']`);
  else if (channels.some((entry) => !CHANNELS.includes(entry as ChannelName)))
    faults.push(`channels may list ${CHANNELS.join(', ')}`);
  else if (!channels.includes(kind)) faults.push(`channels does not list ${kind}`);
  if (typeof send !== 'function') faults.push('send(message, signal) is missing');
  for (const call of OPTIONAL_CALLS) {
    const given = (value as Partial<Record<string, unknown>>)[call];
    if (given !== undefined && typeof given !== 'function') faults.push(`${call} must be a function`);
  }
  return faults;
}

/** Loads the channels that are named by module. Throws {@link SettingsError} that quotes the path and names what is missing. */
export async function customProviders(providers: LibraryProviders): Promise<ProviderList> {
  const loaded: Partial<Record<ChannelName, NonNullable<ProviderList[ChannelName]>>> = {};
  for (const kind of CHANNELS) {
    const entries = providers[kind];
    if (entries !== undefined) loaded[kind] = await Promise.all(entries.map((entry) => channelOf(entry, kind)));
  }
  return loaded;
}

type Entry = NonNullable<LibraryProviders[ChannelName]>[number];

async function channelOf(entry: Entry, kind: ChannelName): Promise<NonNullable<ProviderList[ChannelName]>[number]> {
  if (entry instanceof Redacted || !isModuleName(entry)) return entry;
  const loaded = await loadModule(kind, entry);
  const faults = channelFaults(loaded, kind);
  if (faults.length === 0) return loaded as Channel;
  const problem = `names the module ${JSON.stringify(entry.slice('module:'.length))}, which exports no channel: ${faults.join('; ')}`;
  throw new SettingsError([{ name: kind, problem }]);
}
