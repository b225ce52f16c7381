import { readFileSync } from 'node:fs';
import { compose } from '../dist/compose.js';
import { processEnvironment, readSettings } from '../dist/config/index.js';
import { createEnvironment } from '../dist/runtime/environment.js';

/** The service in this process, on the settings of its environment; `now` may be another clock, `providers` replace the settings’. */
export async function openService(now = Date.now, wrapStore = undefined, providers = undefined) {
  const read = readSettings(processEnvironment(), (path) => readFileSync(path, 'utf8'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const env = { ...createEnvironment({ log: () => undefined, flush: () => undefined }), now };
  const options = { settings: read.settings, env, print: () => undefined };
  const composition = await compose({
    ...options,
    ...(wrapStore === undefined ? {} : { wrapStore }),
    ...(providers === undefined ? {} : { providers }),
  });
  return { ...composition, env };
}
