const LAST_SHOWN = 2;
const FIRST_SHOWN = 3;
/** A short number keeps at least this many digits hidden. */
const LEAST_HIDDEN = 4;

/** `+1 415 ••• ••71`: calling code, up to three digits, the last two. The dots do not tell the length. */
export function maskPhone(callingCode: string, national: string): string {
  const shown = Math.max(0, Math.min(FIRST_SHOWN, national.length - LAST_SHOWN - LEAST_HIDDEN));
  const first = shown > 0 ? ` ${national.slice(0, shown)}` : '';
  return `+${callingCode}${first} ••• ••${national.slice(-LAST_SHOWN)}`;
}

/** `ma•••@bluegum.example`: two letters and the domain; one letter of a local part under four, none of a single one. */
export function maskEmail(local: string, domain: string): string {
  const shown = local.length >= 4 ? 2 : local.length > 1 ? 1 : 0;
  return `${local.slice(0, shown)}•••@${domain}`;
}
