import { readFileSync } from 'node:fs';

/** Every script; all keys of one call share a hash tag. */
export const SCRIPT_NAMES = [
  'read',
  'commit',
  'recorded',
  'claim-send',
  'hold-send',
  'hold-subject',
  'drop-if',
  'take',
  'give-back',
  'fail',
  'claim-key',
  'set-claim',
  'drop-claim',
] as const;

export type ScriptName = (typeof SCRIPT_NAMES)[number];

/** The text of a script, which lies beside this file in `lua/`. */
export function scriptText(name: ScriptName): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');
}
