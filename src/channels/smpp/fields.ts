import type { Message } from '../../ports/channel.ts';
import type { Part } from './parts.ts';
import type { SmppSettings } from './settings.ts';

/** Kinds and plans of addresses: unknown, international, network specific, alphanumeric; unknown, ISDN. */
const TON = { unknown: 0, international: 1, networkSpecific: 3, alphanumeric: 5 } as const;
const NPI = { unknown: 0, isdn: 1 } as const;
const WITH_RECEIPT = 1;

/** The fields of `submit_sm` for one part. A receipt is asked for only with the last. */
export function submitFields(
  message: Message,
  settings: SmppSettings,
  { part, isLast, now }: { readonly part: Part; readonly isLast: boolean; readonly now: number },
): Readonly<Record<string, unknown>> {
  const from = message.from ?? settings.from;
  const guessed = kindOf(from);
  return {
    service_type: settings.serviceType,
    source_addr_ton: settings.source.ton ?? guessed.ton,
    source_addr_npi: settings.source.npi ?? guessed.npi,
    source_addr: from.replace(/^\+/, ''),
    dest_addr_ton: settings.destination.ton ?? TON.international,
    dest_addr_npi: settings.destination.npi ?? NPI.isdn,
    destination_addr: message.to.replace(/^\+/, ''),
    registered_delivery: isLast ? WITH_RECEIPT : 0,
    validity_period: relativeTime(Math.ceil((message.expiresAt - now) / 1000)),
    ...part,
  };
}

/** A short code belongs to a network, a longer number is international. */
function kindOf(from: string): { readonly ton: number; readonly npi: number } {
  if (!/^\+?\d+$/.test(from)) return { ton: TON.alphanumeric, npi: NPI.unknown };
  if (!from.startsWith('+') && from.length <= 6) return { ton: TON.networkSpecific, npi: NPI.unknown };
  return { ton: TON.international, npi: NPI.isdn };
}

/** Seconds from now as `YYMMDDhhmmsstnnR` (SMPP 3.4 section 7.1.1), a minute at least and two days at most. */
function relativeTime(seconds: number): string {
  const given = Math.min(Math.max(seconds, 60), 172_800);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const days = two(given / 86_400);
  return `0000${days}${two((given % 86_400) / 3600)}${two((given % 3600) / 60)}${two(given % 60)}000R`;
}
