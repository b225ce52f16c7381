import { inCidr, parseCidr, parseIp } from './ip.ts';

/** Whether an address is in one of these networks. None = everybody is; an unknown address is in no network. */
export function isInNetworks(networks: readonly string[], address: string | null): boolean {
  if (networks.length === 0) return true;
  const ip = address === null ? null : parseIp(address);
  if (ip === null) return false;
  return networks.some((network) => {
    const cidr = parseCidr(network);
    return cidr !== null && inCidr(ip, cidr);
  });
}
