import { WatchwordError } from '../../../core/errors.ts';

/** Loads the client of a database server, an optional peer. Throws `unavailable` with the command that installs it when it is not there. */
export async function loadClient<T>(load: () => Promise<T>, name: string): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const said = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (said !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const [plain] = name.split('@');
    throw new WatchwordError('unavailable', `The package ${plain} is missing. Run "npm install ${name}".`, { cause });
  }
}
