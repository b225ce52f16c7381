const ADDRESS = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i;

/**
 * True for exactly one plain mailbox: unquoted ASCII local part of at most 64 characters, host name as domain, nothing else
 * (RFC 5321 section 4.5.3.1). The last guard before a mail server, whatever was checked earlier.
 */
export function isSingleAddress(address: string): boolean {
  return address.length <= 254 && address.lastIndexOf('@') <= 64 && ADDRESS.test(address);
}
