import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

const SCRIPT = fileURLToPath(new URL('message-centre.pl', import.meta.url));

/** Something the centre heard, as `message-centre.pl` tells it. */
export interface CentreEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** A message centre that shares no code with ours: Net::SMPP of Perl, in a process of its own. */
export interface PerlCentre {
  readonly port: number;
  readonly heard: CentreEvent[];
  /** The nth event of this name (from 1), as soon as it is there. Rejects when the centre ends. */
  next(event: string, nth?: number): Promise<CentreEvent>;
  close(): Promise<void>;
}

/** Why the centre cannot run here, with the cure; null when it can. */
export function missingPerlCentre(): string | null {
  const tried = spawnSync('perl', ['-MNet::SMPP', '-MJSON::PP', '-e', '1'], { stdio: 'ignore' });
  return tried.status === 0 ? null : 'there is no Perl with Net::SMPP here (install libnet-smpp-perl)';
}

/** Starts the centre on a free port of this machine. */
export async function startPerlCentre(): Promise<PerlCentre> {
  const child = spawn('perl', [SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
  const heard: CentreEvent[] = [];
  const waiting = new Set<() => void>();
  let ended = false;
  const look = (): void => waiting.forEach((wake) => wake());
  createInterface(child.stdout).on('line', (line) => {
    heard.push(JSON.parse(line) as CentreEvent);
    look();
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      ended = true;
      look();
      resolve();
    });
  });
  const next = (event: string, nth = 1): Promise<CentreEvent> =>
    new Promise((resolve, reject) => {
      const wake = (): void => {
        const found = heard.filter((one) => one.event === event)[nth - 1];
        if (found === undefined && !ended) return;
        waiting.delete(wake);
        if (found === undefined) reject(new Error(`The message centre ended before "${event}".`));
        else resolve(found);
      };
      waiting.add(wake);
      wake();
    });
  const { port } = await next('listening');
  return {
    port: Number(port),
    heard,
    next,
    close: async () => {
      if (!ended) child.kill('SIGKILL');
      await gone;
    },
  };
}
