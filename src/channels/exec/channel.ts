import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { ChannelName } from '../../core/verification.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Dsn } from '../dsn.ts';
import { systemCode, withDeadline } from '../outcome.ts';
import { messagePayload } from '../payload.ts';
import { execOutcome } from './outcome.ts';
import { run } from './run.ts';

/** Hands every message to a program of the operator, as JSON on its standard input; nothing of it is in arguments or environment. */
export function createExecChannel({ path }: Dsn, kind: ChannelName): Channel {
  return {
    name: `exec:${path}`,
    channels: [kind],
    send: async (message, signal) =>
      execOutcome(await run(path, `${messagePayload(message)}\n`, withDeadline(signal)), message),
    async probe() {
      try {
        await access(path, constants.X_OK);
        return (await stat(path)).isFile() ? null : 'The path is no file.';
      } catch (error) {
        return `The program cannot be run (${systemCode(error)}). Check the path and its permissions.`;
      }
    },
  };
}
