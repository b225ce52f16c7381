import { type Composition, compose } from '../compose.ts';
import type { Settings } from '../config/index.ts';
import { createMetrics, type Direct, eventCounter, type RunningServer, serve as listen } from '../http/index.ts';
import type { Environment } from '../ports/environment.ts';
import { createDirectHandler, createHandler, type Handler, type HandlerOptions } from '../runtime/handler.ts';
import { noteVerdictPlace } from '../runtime/verdict-place.ts';
import { packageVersion } from '../runtime/version.ts';
import { settingWarnings } from '../runtime/warnings.ts';
import type { Given } from './command.ts';
import { developmentTestKey } from './development-key.ts';
import { CommandError, EXITS } from './exit.ts';
import { isPortBusy } from './failure.ts';
import { closingOnFailure, findApplication, loadSettings, refuseWrongClock } from './open.ts';
import type { Output } from './output.ts';
import { servingEnvironment, type Serving } from './serving.ts';
import { stopSignal, type StopSignal } from './signals.ts';
import { welcome } from './welcome.ts';

/** After SIGTERM a load balancer has this long to see `/readyz` say 503 before connections are refused. */
const NOTICE_MS = 1_000;
const CLOSE_MS = 7_500;

/** Runs API, pages and worker until a signal stops them. */
export async function serve(given: Given, output: Output): Promise<number> {
  const settings = loadSettings();
  const serving = servingEnvironment(settings, output.json);
  const metrics = createMetrics();
  const count = eventCounter(metrics);
  const { env } = serving;
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const composition = await compose({ settings, env, print, observers: [({ type }) => count(type)] });
  const { shell, testKey, deskToken } = await closingOnFailure(composition, () => goUp(settings, composition, env));
  const url = baseUrl(settings, shell.server.port);
  const basePath = new URL(settings.publicUrl ?? url).pathname.replace(/\/$/, '');
  const publicUrl = settings.publicUrl ?? url;
  const { service } = composition;
  const version = packageVersion();
  shell.answerWith({ service, settings, env, metrics, version, publicUrl, basePath, testKey });
  if (!given.switches.has('no-worker')) service.worker.start();
  for (const warning of settingWarnings(settings)) env.log(warning);
  if (testKey === null) env.log({ event: 'serve.ready', level: 'info', host: settings.host, port: shell.server.port });
  else {
    output.result(
      {
        url,
        test_key: testKey,
        ...(deskToken === null ? {} : { desk_link: `${url}${basePath}/desk/welcome/${deskToken}` }),
      },
      welcome({ url: `${url}${basePath}`, testKey, settings, deskToken }),
    );
  }
  await shutDown(await stopSignal(), { composition, server: shell.server, serving });
  return EXITS.ok.code;
}

interface Up {
  readonly shell: Shell;
  /** Null in production. */
  readonly testKey: string | null;
  readonly deskToken: string | null;
}

/** All that can fail before the first request is answered. */
async function goUp(settings: Settings, composition: Composition, env: Environment): Promise<Up> {
  await refuseWrongClock(composition);
  await noteVerdictPlace(settings, composition.database, env);
  const testKey = settings.mode === 'development' ? await developmentTestKey(composition, settings) : null;
  const shell = await listenFirst(settings);
  const deskToken = testKey === null ? null : await closingOnFailure(shell.server, () => firstAdminToken(composition));
  return { shell, testKey, deskToken };
}

/** While nobody can sign in to the desk, a link that makes the first administrator. */
async function firstAdminToken(composition: Composition): Promise<string | null> {
  return composition.service.staff.welcome.open(await findApplication(composition));
}

interface Shell {
  readonly server: RunningServer;
  /** Until this is called, requests wait. */
  answerWith(options: HandlerOptions): void;
}

/** The port may be chosen by the system, and links need it: listen first, then make the handler. */
async function listenFirst(settings: Settings): Promise<Shell> {
  let handle: Handler | null = null;
  let handleDirectly: Direct | null = null;
  let open: (handler: Handler) => void;
  const opened = new Promise<Handler>((resolve) => (open = resolve));
  const fetch: Handler = (request, env) =>
    handle === null ? opened.then((late) => late(request, env)) : handle(request, env);
  try {
    const server = await listen(fetch, {
      port: settings.port,
      host: settings.host,
      limits: { closeMs: CLOSE_MS },
      direct: (incoming, outgoing) => handleDirectly?.(incoming, outgoing) ?? false,
    });
    const answerWith = (options: HandlerOptions): void => {
      const handler = createHandler(options);
      handle = handler;
      handleDirectly = createDirectHandler(options);
      open(handler);
    };
    return { server, answerWith };
  } catch (error) {
    throw cannotListen(error, settings);
  }
}

function cannotListen(error: unknown, { host, port }: Settings): unknown {
  if (isPortBusy(error)) {
    const cure = `Stop it, or choose another port: PORT=${port < 65_535 ? port + 1 : 7070} watchword serve`;
    return new CommandError('busy', `Another program listens on ${host}:${port}.`, { cure, cause: error });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
  const cure = 'Set HOST to an address of this machine and PORT to a number above 1023.';
  return new CommandError('config', `Listening on ${host}:${port} is not possible (${code}).`, { cure, cause: error });
}

/** Where this machine reaches the service. */
function baseUrl({ host }: Settings, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

interface Running {
  readonly composition: Composition;
  readonly server: RunningServer;
  readonly serving: Serving;
}

async function shutDown(signal: StopSignal, { composition, server, serving }: Running): Promise<void> {
  const { service } = composition;
  serving.env.log({ event: 'serve.stopping', level: 'info', signal });
  service.health.drain();
  server.drain();
  if (signal === 'SIGTERM') await new Promise((resolve) => setTimeout(resolve, NOTICE_MS));
  await Promise.all([server.close(), service.worker.stop(CLOSE_MS)]);
  await composition.close();
  serving.env.log({ event: 'serve.stopped', level: 'info' });
  serving.logger.flush();
}
