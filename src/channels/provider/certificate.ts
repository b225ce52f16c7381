import { type Bytes, fromBase64 } from './signatures.ts';

/**
 * The public key (SubjectPublicKeyInfo, DER) of an X.509 certificate in PEM (RFC 5280 section 4.1); null when it is none. Nothing of
 * the certificate is checked: it must come from a place that is trusted already.
 */
export function publicKeyOf(pem: string): Bytes | null {
  const base64 = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{1,20000})-----END CERTIFICATE-----/.exec(pem)?.[1];
  if (base64 === undefined) return null;
  const certificate = elements(fromBase64(base64))[0];
  const signed = certificate === undefined ? undefined : elements(certificate.content)[0];
  if (signed === undefined) return null;
  const fields = elements(signed.content);
  // [0] version is optional; then serial number, algorithm, issuer, validity, subject, key.
  return fields[fields[0]?.tag === 0xa0 ? 6 : 5]?.whole ?? null;
}

interface Element {
  readonly tag: number;
  readonly content: Bytes;
  readonly whole: Bytes;
}

/** The DER elements that follow each other in some bytes, up to the first that does not fit. */
function elements(der: Bytes): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at + 2 <= der.length;) {
    const [tag = 0, first = 0] = der.subarray(at);
    const extra = first < 0x80 ? 0 : first & 0x7f;
    const length =
      extra === 0 ? first : der.subarray(at + 2, at + 2 + extra).reduce((sum, digit) => sum * 256 + digit, 0);
    const start = at + 2 + extra;
    if (extra > 3 || start + length > der.length) break;
    found.push({ tag, content: der.subarray(start, start + length), whole: der.subarray(at, start + length) });
    at = start + length;
  }
  return found;
}
