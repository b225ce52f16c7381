import type { Command as DriverCommand } from 'ioredis';
import type { RedisValue } from './client.ts';

const CRLF = 0x0d0a;
const BULK = 0x24;
const ARRAY = 0x2a;
/** Longest decimal length with its letter and both line ends. */
const FRAME_BYTES = 16;
const BLOCK_BYTES = 64 * 1024;

/** One command of the driver; texts of its answer come back as Buffers. */
export type MakeCommand = (name: string, values: readonly RedisValue[]) => DriverCommand;

/**
 * Commands that are encoded into one piece of memory. The driver makes a piece of every value where one of them is bytes, and
 * its batches make a handful of objects for each command: half of what a commit cost.
 */
export function commandsOf({ Command }: { readonly Command: typeof DriverCommand }): MakeCommand {
  const encode = encoder();
  class Encoded extends Command {
    override toWritable(): Buffer {
      return encode(this.name, this.args as readonly (string | Buffer)[]);
    }
  }
  return (name, values) => {
    const command = new Encoded(name, values as RedisValue[], { replyEncoding: null });
    command.isTraced = true;
    return command;
  };
}

/** Writes commands as an array of bulk strings (RESP), one behind the other into blocks of memory. */
export function encoder(): (name: string, values: readonly (string | Buffer)[]) => Buffer {
  let block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let at = 0;

  function frame(letter: number, count: number): void {
    block[at++] = letter;
    at += block.write(String(count), at, 'latin1');
    at = block.writeUInt16BE(CRLF, at);
  }

  function bulk(value: string | Buffer): void {
    frame(BULK, typeof value === 'string' ? Buffer.byteLength(value) : value.length);
    at += typeof value === 'string' ? block.write(value, at) : value.copy(block, at);
    at = block.writeUInt16BE(CRLF, at);
  }

  return (name, values) => {
    const most = values.reduce((sum, value) => sum + mostBytes(value), mostBytes(name) + FRAME_BYTES);
    if (at + most > block.length) [block, at] = [Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, most)), 0];
    const from = at;
    frame(ARRAY, values.length + 1);
    bulk(name);
    for (const value of values) bulk(value);
    return block.subarray(from, at);
  };
}

/** Room for a value with its frame; a character takes three bytes at most, a pair of surrogates four. */
function mostBytes(value: string | Buffer): number {
  return FRAME_BYTES + (typeof value === 'string' ? 3 * value.length : value.length);
}
