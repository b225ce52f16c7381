#!/usr/bin/env node
import { readFileSync } from 'node:fs';

const NEEDED = [20, 19] as const;

/** Nothing but this check may be loaded by an old Node: the rest is imported after it. */
function nodeIsTooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
}

async function main(): Promise<void> {
  if (nodeIsTooOld()) {
    process.stderr.write(
      `watchword: Node ${process.versions.node} is too old; install Node ${NEEDED.join('.')} or newer.\n`,
    );
    process.exitCode = 78;
    return;
  }
  // Whoever read the log may go away (a closed pipe, a full disk): that must not end a service.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const { run } = await import('./run.ts');
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const streams = {
    out: (text: string) => void process.stdout.write(text),
    err: (text: string) => void process.stderr.write(text),
  };
  process.exitCode = await run(process.argv.slice(2), streams, version);
}

await main();
