#!/usr/bin/env node
import { readFileSync } from 'node:fs';

const NEEDED = [20, 19] as const;

/** Nothing but this check may be loaded by an old Node: the rest is imported after it. */
function nodeIsTooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
}

/** One sentence with the cure, and the exit code of a machine that is not set up for this. */
function refuse(sentence: string): void {
  process.stderr.write(`watchword: ${sentence}\n`);
  process.exitCode = 78;
}

/** The file or package that an import did not find; null for any other error. */
function missingIn(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') return null;
  return /'([^']+)'/.exec(error.message)?.[1] ?? 'a module';
}

async function main(): Promise<void> {
  if (nodeIsTooOld())
    return refuse(`Node ${process.versions.node} is too old; install Node ${NEEDED.join('.')} or newer.`);
  // Whoever read the log may go away (a closed pipe, a full disk): that must not end a service.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const loaded = await import('./run.ts').catch((error: unknown) => {
    const missing = missingIn(error);
    if (missing === null) throw error;
    refuse(`${missing} is missing; run "npm ci && npm run build" in a clone, else install watchword again.`);
    return null;
  });
  if (loaded === null) return;
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const streams = {
    out: (text: string) => void process.stdout.write(text),
    err: (text: string) => void process.stderr.write(text),
  };
  process.exitCode = await loaded.run(process.argv.slice(2), streams, version);
}

await main();
