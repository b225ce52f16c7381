import { createHash } from 'node:crypto';

/** Hashes are 43 characters of base64url: SHA-256. */
type Hash = string;

/** What stands for a text without telling it: whoever does not know the salt cannot even guess. */
export function commitmentTo(salt: string, text: string): Hash {
  return createHash('sha256').update(`${salt}${text}`).digest('base64url');
}

/** The root over the texts of leaves (RFC 6962 section 2.1). Of none it is the hash of nothing. */
export function merkleRoot(leaves: readonly string[]): Hash {
  return rootOf(leaves.map(leafHash)).toString('base64url');
}

/** The audit path of one leaf, from the leaf up (RFC 6962 section 2.1.1). */
export function merkleProof(leaves: readonly string[], index: number): readonly Hash[] {
  return pathOf(leaves.map(leafHash), index).map((hash) => hash.toString('base64url'));
}

function leafHash(text: string): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(text).digest();
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes;
  if (only === undefined) return createHash('sha256').digest();
  if (hashes.length === 1) return only;
  const split = splitOf(hashes.length);
  const [left, right] = [rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split))];
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

function pathOf(hashes: readonly Buffer[], index: number): readonly Buffer[] {
  if (hashes.length <= 1) return [];
  const split = splitOf(hashes.length);
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
  return index < split ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - split), rootOf(left)];
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}
