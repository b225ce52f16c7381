import type { ConfigFile } from './config-file.ts';

/** What there is without `WATCHWORD_CONFIG`. */
export const EMPTY_CONFIG: ConfigFile = Object.freeze({ limits: {}, applications: [], notes: [] });
