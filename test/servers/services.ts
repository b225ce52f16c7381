import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Env, run, type Server, startServer, TEST_SECRET } from '../support/process.ts';
import { TEST_CODE } from './gates.ts';

/** Two real services on one store, and a test key whose codes are known. */
export interface Services {
  readonly key: string;
  readonly running: Server[];
  /** What a service that lived refused; for the tests to fill. */
  readonly refused: string[];
  /** One more on the same store, on a port that was used before or another. */
  start(port?: number): Promise<Server>;
  /** Deletes what they wrote beside the store. They have ended by then. */
  remove(): Promise<void>;
}

/** Starts two services with the settings of a store. */
export async function startServices(store: Env): Promise<Services> {
  const cwd = mkdtempSync(join(tmpdir(), 'watchword-services-'));
  const env = { ...store, WATCHWORD_SECRET: TEST_SECRET, HOST: '127.0.0.1', WATCHWORD_LOG_LEVEL: 'error' };
  const start = (port?: number): Promise<Server> => startServer({ env, cwd, ...(port === undefined ? {} : { port }) });
  const running = [await start(), await start()];
  const [admin, key] = [await newKey(env, cwd, 'live'), await newKey(env, cwd, 'test')];
  const started = await answerOf(running, 'POST', '/v1/verifications', key, { to: 'someone@load.example' });
  const path = `/v1/applications/${String(started['application'])}`;
  await answerOf(running, 'PATCH', path, admin, { test_code: TEST_CODE });
  // Every instance reads what changed at least once a second.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  return { key, running, refused: [], start, remove: async () => rmSync(cwd, { recursive: true }) };
}

async function newKey(env: Env, cwd: string, mode: 'live' | 'test'): Promise<string> {
  const words = ['--application', 'default', '--mode', mode, '--scopes', 'send,check,read,admin', '--json'];
  const { out, err } = await run(['keys', 'create', ...words], { env, cwd });
  if (out === '') throw new Error(`no key: ${err}`);
  return (JSON.parse(out) as { key: string }).key;
}

async function answerOf(
  [first]: readonly Server[],
  ...[method, path, key, body]: readonly [string, string, string, unknown]
): Promise<Record<string, unknown>> {
  const answer = await first?.call(method, path, { key, body });
  if (answer === undefined || answer.status >= 300) throw new Error(`${path}: ${answer?.text ?? ''}`);
  return answer.body;
}
