import { accessSync, constants } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingServer, type ServerKind } from './binaries.ts';

const REQUIRED = process.env['WATCHWORD_REQUIRE_SERVERS'] === '1';

/**
 * `describe` for tests that need a real server (`null`: that need none). Where its program is missing the suite is skipped
 * with the reason, or fails under `WATCHWORD_REQUIRE_SERVERS=1` (MySQL alone is never required: MariaDB stands for it).
 */
export function serverSuite(kind: ServerKind | null, name: string, body: () => void): void {
  const missing = kind === null ? null : missingServer(kind);
  suiteUnless(missing, name, body, REQUIRED && kind !== 'mysql');
}

/** Null when the program can be run, else that it is not there, with the Debian package that brings it. */
export function missingProgram(path: string, debian: string): string | null {
  try {
    accessSync(path, constants.X_OK);
    return null;
  } catch {
    return `there is no ${basename(path)} here (install ${debian})`;
  }
}

/** The same for what is no database: `missing` says what is not there, with the cure. */
export function suiteUnless(missing: string | null, name: string, body: () => void, required = REQUIRED): void {
  const suite = missing === null ? body : () => lacking(missing, required);
  describe(`${name}`, () => {
    suite();
  });
}

function lacking(missing: string, required: boolean): void {
  it('has the server it needs', (context) => {
    if (!required) context.skip(missing);
    expect.fail(missing);
  });
}
