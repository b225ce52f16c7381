// `serve`, composed of the built parts, with a store that breaks one promise on purpose: what the tests of real processes
// must be able to see. The first argument names the mutant.
import { readFileSync } from 'node:fs';
import { compose } from '../../dist/compose.js';
import { processEnvironment, readSettings } from '../../dist/config/index.js';
import { createMetrics, serve } from '../../dist/http/index.js';
import { createEnvironment } from '../../dist/runtime/environment.js';
import { createHandler } from '../../dist/runtime/handler.js';
import { storeWith, verificationsWith } from '../../dist/service/store-with.js';

const MUTANTS = {
  /** Read, compute, write, without comparing the version. */
  'without-compare-and-swap': (inner) => ({
    async replace(record, version, changes) {
      const { record: present } = await inner.get(record.id);
      const current = present?.version ?? version;
      const written = await inner.replace({ ...record, version: current + 1 }, current, changes);
      return written.type === 'conflict' ? { type: 'replaced' } : written;
    },
  }),
  /** Answers a start before it is durable. */
  'answers-before-commit': (inner) => ({
    async insert(record, changes) {
      setTimeout(() => inner.insert(record, changes).catch(() => undefined), 2_000);
      return { type: 'inserted' };
    },
  }),
};

const mutant = MUTANTS[process.argv[2]];
const read = readSettings(processEnvironment(), (path) => readFileSync(path, 'utf8'));
if (mutant === undefined || !read.ok) throw new Error('no such mutant, or bad settings');
const { settings } = read;
const env = createEnvironment({ log: () => undefined, flush: () => undefined });
const wrapStore = (store) =>
  storeWith(store, { verifications: verificationsWith(store.verifications, mutant(store.verifications)) });
const composition = await compose({ settings, env, print: () => undefined, wrapStore });
composition.service.worker.start();
const publicUrl = `http://127.0.0.1:${settings.port}`;
const metrics = createMetrics();
const handler = createHandler({
  service: composition.service,
  settings,
  env,
  metrics,
  version: '0',
  publicUrl,
  basePath: '',
  testKey: null,
});
await serve(handler, { port: settings.port, host: settings.host });
