import { readFileSync } from 'node:fs';

/** Every script and how many keys it takes; all keys of one call share a hash tag. */
export const SCRIPTS = {
  read: 2,
  commit: 5,
  recorded: 2,
  'claim-send': 2,
  'hold-send': 3,
  'hold-subject': 1,
  'drop-if': 1,
  take: null,
  'give-back': null,
  fail: 1,
  'claim-key': 1,
  'set-claim': 1,
  'drop-claim': 1,
} as const satisfies Record<string, number | null>;

export type ScriptName = keyof typeof SCRIPTS;
export const SCRIPT_NAMES = Object.keys(SCRIPTS) as readonly ScriptName[];

/** The text of a script, which lies beside this file in `lua/`. */
export function scriptText(name: ScriptName): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');
}
