import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

export function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A grey square. */
export function png(side: number, ...more: readonly Buffer[]): Buffer {
  return square(Buffer.alloc(side * (side + 1), 127), side, more);
}

/** A square that nothing makes smaller. */
export function noise(side: number): Buffer {
  return square(randomBytes(side * (side + 1)), side, []);
}

function square(points: Buffer, side: number, more: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = deflateSync(points);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [signature, chunk('IHDR', head), ...more, chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat(parts);
}

export const uri = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;
