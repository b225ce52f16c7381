import { WatchwordError } from './errors.ts';

/**
 * Loads a package that is not installed by itself (an optional peer). Throws `unavailable` with the command that installs it when it
 * is not there. `name` may carry a version: `pg@8`.
 */
export async function loadPeer<T>(load: () => Promise<T>, name: string): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const said = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (said !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const plain = name.replace(/(?<=.)@.*$/, '');
    throw new WatchwordError('unavailable', `The package ${plain} is missing. Run "npm install ${name}".`, { cause });
  }
}
