import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SettingsError } from './settings-error.ts';

const PREFIX = 'module:';

/** Whether an option names a module, `module:./my-channel.js`. */
export function isModuleName(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(PREFIX);
}

/**
 * What a module exports by default; where that is a function, what it returns. A path is read from the working directory, anything
 * else is a package. Throws {@link SettingsError} that quotes the path as it was given.
 */
export async function loadModule(option: string, name: string): Promise<unknown> {
  const path = name.slice(PREFIX.length);
  const refuse = (problem: string): never => {
    throw new SettingsError([{ name: option, problem: `names the module "${path}", which ${problem}` }]);
  };
  const isPath = path.startsWith('.') || isAbsolute(path);
  const module = await import(isPath ? pathToFileURL(resolve(path)).href : path).catch((error: unknown) =>
    refuse(`cannot be loaded${whyNot(error, isPath)}`),
  );
  const { default: exported } = module as { readonly default?: unknown };
  if (exported === undefined) return refuse('has no default export');
  return typeof exported === 'function' ? await (exported as () => unknown)() : exported;
}

function whyNot(error: unknown, isPath: boolean): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'ERR_UNSUPPORTED_DIR_IMPORT')
    return `: ${error instanceof Error ? error.message : String(error)}`;
  return isPath ? `: there is no such file (looked in ${process.cwd()})` : ': no such package is installed';
}
