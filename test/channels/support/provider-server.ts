import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as a provider received it. */
export interface ProviderCall {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A whole answer, or what happens to the connection instead. */
export type ProviderReply =
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'silent';

export interface ProviderServer {
  readonly port: number;
  readonly calls: ProviderCall[];
  /** What it answers from now on. */
  reply: ProviderReply | ((call: ProviderCall) => ProviderReply);
  close(): Promise<void>;
}

/** A local server in a provider's place. */
export async function startProviderServer(reply: ProviderServer['reply']): Promise<ProviderServer> {
  const calls: ProviderCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      calls.push(call);
      give(response, typeof running.reply === 'function' ? running.reply(call) : running.reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const running: ProviderServer = {
    port: (server.address() as AddressInfo).port,
    calls,
    reply,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return running;
}

function give(response: ServerResponse, reply: ProviderReply): void {
  if (reply === 'silent') return;
  if (reply === 'reset') return void response.socket?.resetAndDestroy();
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(reply.body);
}
