import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * The environment of this process over the `.env` file of the working directory (what is really set wins). This file is the
 * only one that reads `process.env`.
 */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return { ...file, ...process.env };
}

/** `NODE_ENV` alone, for the library, which reads no other setting. */
export function nodeEnvironment(): Readonly<Record<string, string | undefined>> {
  return { NODE_ENV: process.env['NODE_ENV'] };
}
