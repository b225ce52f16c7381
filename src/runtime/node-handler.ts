import type { IncomingMessage, ServerResponse } from 'node:http';
import { onFirstUse } from './on-first-use.ts';
import type { Watchword } from './watchword.ts';

/** What `node:http`, Express and Fastify (`request.raw`, `reply.raw`) call. */
export type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** {@link Watchword.handler} for servers that speak Node's requests. Nothing may have read the body before. */
export function nodeHandler({ handler }: Pick<Watchword, 'handler'>): NodeHandler {
  const listener = onFirstUse(async (): Promise<NodeHandler> => {
    const { getRequestListener } = await import('@hono/node-server');
    // The host's own Request and Response stay what they are.
    return getRequestListener((request, env) => handler(request, env), { overrideGlobalObjects: false });
  });
  return async (incoming, outgoing) => await (await listener())(incoming, outgoing);
}
