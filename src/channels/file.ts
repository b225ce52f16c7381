import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ChannelName } from '../core/verification.ts';
import type { Channel } from '../ports/channel.ts';
import { accepted, failure, systemCode } from './outcome.ts';
import { messagePayload } from './payload.ts';

/** Appends every message to a file as one JSON line. The file is made with mode 0600, its folder if need be with 0700. */
export function createFileChannel(path: string, kind: ChannelName): Channel {
  return {
    name: `file:${path}`,
    channels: [kind],
    async send(message) {
      try {
        await appendLine(path, messagePayload(message));
        return accepted(null);
      } catch (error) {
        return failure('unavailable', 'retry', `the file could not be written (${systemCode(error) ?? 'short write'})`);
      }
    },
    async probe() {
      try {
        await (await openForAppend(path)).close();
        return null;
      } catch (error) {
        return `The file cannot be opened for writing (${systemCode(error)}). Check the path and who owns the folder.`;
      }
    },
  };
}

async function openForAppend(path: string): ReturnType<typeof open> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return await open(path, 'a', 0o600);
}

async function appendLine(path: string, line: string): Promise<void> {
  const file = await openForAppend(path);
  try {
    const bytes = Buffer.from(`${line}\n`);
    // One write with O_APPEND, so that lines of several processes never mix.
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten !== bytes.length) throw new Error('short write');
  } finally {
    await file.close();
  }
}
