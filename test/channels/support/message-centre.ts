import type { AddressInfo, Server } from 'node:net';
import type { SmppPdu, SmppSession } from '../../../src/channels/smpp/package.ts';

/** What happens to a request: a status (0 = taken), no answer, or the end of the connection. */
export type CentreAnswer = number | 'silent' | 'drop';

export interface CentreScript {
  bind?: CentreAnswer;
  submit?: CentreAnswer | ((pdu: SmppPdu, index: number) => CentreAnswer);
  enquire?: 'answer' | 'silent';
  /** For encrypted connections, PEM. */
  tls?: { readonly key: string; readonly cert: string };
}

interface CentreSession extends SmppSession {
  deliver_sm(fields: Readonly<Record<string, unknown>>, reply: (pdu: SmppPdu) => void): boolean;
}

/** A message centre that speaks SMPP 3.4. */
export interface MessageCentre {
  readonly port: number;
  script: CentreScript;
  readonly binds: SmppPdu[];
  readonly submits: SmppPdu[];
  /** Every other request of a client: `enquire_link`, `unbind`. */
  readonly others: string[];
  /** Open connections. */
  connections(): number;
  /** Offers a message on the newest connection and gives the client's answer. */
  deliver(fields: Readonly<Record<string, unknown>>): Promise<SmppPdu>;
  /** Asks the newest client something and gives its answer. */
  ask(command: 'enquire_link' | 'unbind'): Promise<SmppPdu>;
  dropAll(): void;
  close(): Promise<void>;
}

interface SmppServerPackage {
  createServer(options: object, listener: (session: CentreSession) => void): Server;
}

/** Starts a centre on a free port of this machine. The nth message gets the id `id-n`. */
export async function startMessageCentre(script: CentreScript = {}): Promise<MessageCentre> {
  const name: string = 'smpp';
  const { default: smpp } = (await import(name)) as { readonly default: SmppServerPackage };
  const sessions: CentreSession[] = [];
  const server = smpp.createServer(script.tls ?? {}, (session) => {
    sessions.push(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.splice(sessions.indexOf(session), 1));
    session.on('pdu', (pdu) => serve(session, pdu, centre));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const newest = (): CentreSession => {
    const session = sessions.at(-1);
    if (session === undefined) throw new Error('nobody is connected');
    return session;
  };
  const centre: MessageCentre = {
    port: (server.address() as AddressInfo).port,
    script,
    binds: [],
    submits: [],
    others: [],
    connections: () => sessions.length,
    deliver: (fields) => new Promise((resolve) => newest().deliver_sm(fields, resolve)),
    ask: (command) => new Promise((resolve) => newest()[command](resolve)),
    dropAll: () => {
      for (const session of sessions) session.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.destroy();
        server.close(() => resolve());
      }),
  };
  return centre;
}

function serve(session: CentreSession, pdu: SmppPdu, centre: MessageCentre): void {
  const { script } = centre;
  const respond = (answer: CentreAnswer, fields: object = {}): void => {
    if (answer === 'drop') session.destroy();
    else if (answer !== 'silent') session.send(pdu.response(answer === 0 ? { ...fields } : { command_status: answer }));
  };
  switch (pdu.command) {
    case 'bind_transceiver':
      centre.binds.push(pdu);
      return respond(script.bind ?? 0, { system_id: 'centre' });
    case 'submit_sm': {
      const index = centre.submits.push(pdu) - 1;
      const { submit = 0 } = script;
      return respond(typeof submit === 'function' ? submit(pdu, index) : submit, { message_id: `id-${index + 1}` });
    }
    case 'enquire_link':
    case 'unbind':
      centre.others.push(pdu.command);
      return respond(pdu.command === 'unbind' || script.enquire !== 'silent' ? 0 : 'silent');
  }
}
