import type { ReportRequest } from '../../ports/channel.ts';
import { textAt } from './answers.ts';
import { fromBase64, sha256Hex, SIGNATURE_WINDOW_MS, utf8, verifyHmac } from './signatures.ts';

/**
 * Null when the request carries a right `MessageBird-Signature-JWT` (HS256 over the hashes of address and body, valid for a minute, plus
 * five for clocks that differ), else what is wrong.
 */
export async function verifyMessageBirdJwt(
  request: ReportRequest,
  { key, now }: { readonly key: string; readonly now: number },
): Promise<string | null> {
  const [header = '', claims = '', signature = '', ...rest] = (request.header('messagebird-signature-jwt') ?? '').split(
    '.',
  );
  if (signature === '' || rest.length > 0) return 'the signature is missing';
  if (textAt(decoded(header), 'alg') !== 'HS256') return 'the signature is of another kind';
  const isRight = await verifyHmac(
    { hash: 'SHA-256', key: utf8(key) },
    utf8(`${header}.${claims}`),
    fromBase64(signature),
  );
  if (!isRight) return 'the signature is wrong';
  return await claimProblem(request, decoded(claims), now);
}

async function claimProblem(request: ReportRequest, claims: unknown, now: number): Promise<string | null> {
  if (textAt(claims, 'iss') !== 'MessageBird') return 'the signature is of somebody else';
  const [from, until] = [seconds(claims, 'nbf'), seconds(claims, 'exp')];
  if (!(now >= from - SIGNATURE_WINDOW_MS && now <= until + SIGNATURE_WINDOW_MS))
    return 'the signed time is too far off';
  if (textAt(claims, 'url_hash') !== (await sha256Hex(utf8(request.url)))) return 'the signature is of another address';
  const payload = textAt(claims, 'payload_hash');
  const isSame = payload === null ? request.body === '' : payload === (await sha256Hex(utf8(request.body)));
  return isSame ? null : 'the signature is of another body';
}

/** Epoch ms; NaN when the claim is missing, which compares false with everything. */
function seconds(claims: unknown, name: string): number {
  return Number(textAt(claims, name) ?? Number.NaN) * 1000;
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
