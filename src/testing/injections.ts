const CORES = [
  "'",
  '"',
  '`',
  ';',
  '--',
  '/*',
  '*/',
  '\\',
  '%',
  '_',
  '?',
  '?1',
  ':a',
  '@a',
  '$a',
  '\u0000',
  '\ud800',
  'é',
  '𝔘',
  '\n',
] as const;
const SHAPES = [
  (core: string) => core,
  (core: string) => `x${core} OR ${core}1${core}=${core}1`,
  (core: string) => `${core}; DROP TABLE verifications; --`,
  (core: string) => `${core}) UNION SELECT * FROM keys --`,
  (core: string) => `${core} AND 1=(SELECT count(*) FROM sqlite_schema)`,
  (core: string) => `{"$ne": "${core}"}`,
  (core: string) => `id DESC, ${core}`,
  (core: string) => core.repeat(500),
  (core: string) => `../../${core}`,
  (core: string) => `__proto__${core}`,
] as const;

/** 200 texts that must only ever be values. */
export const INJECTIONS: readonly string[] = CORES.flatMap((core) => SHAPES.map((shape) => shape(core)));
