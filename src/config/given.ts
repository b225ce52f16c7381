import { nearest } from './nearest.ts';
import { type GivenSettings, type Setting, SETTING_KEYS, type SettingKey, SETTINGS } from './table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type ReadFile = (path: string) => string;

/** One setting that cannot be used: its name and why, never its value. */
export interface SettingProblem {
  readonly name: string;
  readonly problem: string;
}

/** Parses every setting that is given. */
export function readGiven(env: Environment, readFile: ReadFile): { given: GivenSettings; problems: SettingProblem[] } {
  const { texts, problems } = readTexts(env, readFile);
  const given: Record<string, unknown> = {};
  for (const [key, text] of texts) {
    const setting: Setting<unknown> = SETTINGS[key];
    const parsed = setting.parse(text);
    if (parsed.ok) given[key] = parsed.value;
    else problems.push({ name: setting.name, problem: parsed.problem });
  }
  return { given: given as GivenSettings, problems: [...problems, ...unknownNames(env)] };
}

/** Every setting that is given, as it stands in its variable or in the file that this names. An empty text counts as not given. */
export function readTexts(
  env: Environment,
  readFile: ReadFile,
): { texts: Map<SettingKey, string>; problems: SettingProblem[] } {
  const texts = new Map<SettingKey, string>();
  const problems: SettingProblem[] = [];
  for (const key of SETTING_KEYS) {
    const text = textOf(SETTINGS[key], env, readFile);
    if (!text.ok) problems.push({ name: SETTINGS[key].name, problem: text.problem });
    else if (text.value !== null) texts.set(key, text.value);
  }
  return { texts, problems };
}

type Text = { readonly ok: true; readonly value: string | null } | { readonly ok: false; readonly problem: string };

function textOf(setting: Setting<unknown>, env: Environment, readFile: ReadFile): Text {
  const direct = env[setting.name]?.trim() ?? '';
  const path = setting.secret ? (env[`${setting.name}_FILE`]?.trim() ?? '') : '';
  if (path === '') return { ok: true, value: direct === '' ? null : direct };
  if (direct !== '') return { ok: false, problem: `is given twice: set either it or ${setting.name}_FILE` };
  try {
    const text = readFile(path).trim();
    return text === ''
      ? { ok: false, problem: `is empty: the file of ${setting.name}_FILE holds nothing` }
      : { ok: true, value: text };
  } catch (error) {
    return { ok: false, problem: `cannot be read from the file of ${setting.name}_FILE (${reasonOf(error)})` };
  }
}

/** The system's short reason of a failed file access, e.g. `ENOENT`; never the path. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'not readable';
}

/** What begins with `WATCHWORD_` and is no setting. */
export function unknownNames(env: Environment): SettingProblem[] {
  const known = knownNames();
  return Object.keys(env)
    .filter((name) => name.startsWith('WATCHWORD_') && !known.has(name) && !isServiceLink(name, env[name] ?? ''))
    .map((name) => ({ name, problem: unknownProblem(name, [...known]) }));
}

/** Kubernetes and Docker describe a service named `watchword` to every program beside it by such variables. */
function isServiceLink(name: string, value: string): boolean {
  if (name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value)) return true;
  return /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/.test(name);
}

function unknownProblem(name: string, known: readonly string[]): string {
  const plain = SETTING_KEYS.map((key) => SETTINGS[key].name).find((candidate) => name === `${candidate}_FILE`);
  if (plain !== undefined) return `is not a setting: only secrets may be given as a file; set ${plain} itself`;
  const meant = nearest(name, known);
  return meant === null ? 'is not a setting' : `is not a setting; did you mean ${meant}?`;
}

function knownNames(): ReadonlySet<string> {
  const names = SETTING_KEYS.flatMap((key) => {
    const { name, secret } = SETTINGS[key];
    return secret ? [name, `${name}_FILE`] : [name];
  });
  return new Set(names);
}
