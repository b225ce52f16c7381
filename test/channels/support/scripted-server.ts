import { type AddressInfo, createServer, type Socket } from 'node:net';

/**
 * A reply line, or what happens to the connection instead of one. `cut:` sends the text without a line end
 * and closes, `deaf:` replies and then reads nothing until `listen()`. */
export type Action =
  | `${number} ${string}`
  | `${number}-${string}`
  | `cut:${string}`
  | `deaf:${string}`
  | `raw:${string}`
  | 'reset'
  | 'close'
  | 'silent';
export type Phase = 'greeting' | 'EHLO' | 'HELO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot' | 'QUIT';

/** A list gives one action per connection, a list in it one per time within that connection; the last of each stays. */
export type Script = Partial<Record<Phase, Action | readonly (Action | readonly Action[])[]>>;

const USUAL: Readonly<Record<Phase, Action>> = {
  greeting: '220 scripted ready',
  EHLO: '250-scripted\r\n250-AUTH PLAIN\r\n250 8BITMIME',
  HELO: '250 scripted',
  STARTTLS: '502 not implemented',
  AUTH: '235 welcome',
  MAIL: '250 sender ok',
  RCPT: '250 recipient ok',
  DATA: '354 go ahead',
  dot: '250 2.0.0 Ok: queued as 77AA',
  QUIT: '221 bye',
};

export interface ScriptedServer {
  readonly port: number;
  /** Every command line, in order, over all connections. */
  readonly commands: string[];
  /** Messages whose final dot arrived. */
  readonly messages: string[];
  connections(): number;
  /** Reads again after `deaf:`; resolves when all connections are gone. */
  listen(): Promise<void>;
  /** Sends a line on every open connection. */
  replyLate(line: string): void;
  /** Resets every connection, as a server does that restarts. */
  dropAll(): void;
  close(): Promise<void>;
}

/** A raw SMTP server that answers by a script. */
export async function startScripted(script: Script): Promise<ScriptedServer> {
  const commands: string[] = [];
  const messages: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = createServer((socket) => {
    const turn = connections;
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    const times = new Map<Phase, number>();
    const act = (phase: Phase): void => {
      const time = times.get(phase) ?? 0;
      times.set(phase, time + 1);
      perform(socket, pick(pick(script[phase] ?? USUAL[phase], turn), time) as Action);
    };
    converse(socket, act, { commands, messages });
    act('greeting');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    commands,
    messages,
    connections: () => connections,
    listen: async () => {
      const gone = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of sockets) socket.resume();
      await Promise.all(gone);
    },
    replyLate: (line) => {
      for (const socket of sockets) socket.write(`${line}\r\n`);
    },
    dropAll: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function pick<T>(planned: T | readonly T[], index: number): T {
  return (Array.isArray(planned) ? planned[Math.min(index, planned.length - 1)] : planned) as T;
}

function perform(socket: Socket, action: Action): void {
  if (action === 'silent') return;
  if (action === 'reset') return void socket.resetAndDestroy();
  if (action === 'close') return void socket.end();
  if (action.startsWith('cut:')) return void socket.end(action.slice(4));
  if (action.startsWith('deaf:')) {
    socket.write(`${action.slice(5)}\r\n`);
    return void setImmediate(() => socket.pause());
  }
  socket.write(action.startsWith('raw:') ? action.slice(4) : `${action}\r\n`);
}

function converse(
  socket: Socket,
  act: (phase: Phase) => void,
  log: { readonly commands: string[]; readonly messages: string[] },
): void {
  let pending = '';
  let inData = false;
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1');
    for (;;) {
      const end = inData ? pending.indexOf('\r\n.\r\n') : pending.indexOf('\r\n');
      if (end < 0) return;
      const piece = pending.slice(0, end);
      pending = pending.slice(end + (inData ? 5 : 2));
      if (inData) {
        inData = false;
        log.messages.push(piece);
        act('dot');
        continue;
      }
      log.commands.push(piece);
      const phase = (/^[A-Za-z]+/.exec(piece)?.[0] ?? '').toUpperCase() as Phase;
      inData = phase === 'DATA';
      act(phase);
    }
  });
}
