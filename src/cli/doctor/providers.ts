import { type ChannelTools, checkDsn, createChannel, dsnScheme } from '../../channels/index.ts';
import type { Settings } from '../../config/index.ts';
import type { Channel } from '../../ports/channel.ts';
import { type NamedDsn, namedDsns } from '../../runtime/provider-problems.ts';
import { fail, fine, type Finding, warn } from './finding.ts';

const PROBE_MS = 10_000;
/** Probes send nothing. */
const NO_TOOLS: ChannelTools = { inbox: async () => undefined, print: () => undefined, now: Date.now };

/** Tries every provider, all at once, without sending anything. */
export async function providerFindings(settings: Settings): Promise<Finding[]> {
  const usable = namedDsns(settings).filter(({ dsn, kind }) => checkDsn(dsn.reveal(), kind) === null);
  if (usable.length > 0) return await Promise.all(usable.map(probe));
  if (settings.mode === 'production')
    return [fail('providers', 'none: live keys cannot send', 'Set WATCHWORD_EMAIL or WATCHWORD_SMS.')];
  return [fine('providers', 'none: every message goes to the inbox, /dev/inbox')];
}

async function probe(named: NamedDsn): Promise<Finding> {
  const name = `provider ${named.name}`;
  try {
    const channel = await createChannel(named.dsn, named.kind, NO_TOOLS);
    try {
      return await probeChannel(name, channel);
    } finally {
      await channel.close?.();
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'cannot be opened';
    return fail(name, `${dsnScheme(named.dsn.reveal())}: ${detail}`, 'Correct the setting.');
  }
}

async function probeChannel(name: string, channel: Channel): Promise<Finding> {
  if (channel.probe === undefined) return fine(name, `${channel.name}, cannot be tried without sending; use --send`);
  const problem = await channel.probe(AbortSignal.timeout(PROBE_MS));
  if (problem === null) return fine(name, `${channel.name} answers`);
  const [detail = problem, ...cure] = problem.split(/(?<=[.;]) /);
  return fail(
    name,
    `${channel.name}: ${detail}`,
    cure.length > 0 ? cure.join(' ') : 'Check the address, the network and the credentials.',
  );
}

/** Development fills missing channels with the inbox; a real mailbox or phone needs a provider. */
export function inboxOnly(settings: Settings, kind: 'email' | 'sms'): Finding[] {
  if ((settings.providers[kind] ?? []).length > 0) return [];
  return [warn('first message', 'it stays in the inbox: no provider is set', `Set WATCHWORD_${kind.toUpperCase()}.`)];
}
