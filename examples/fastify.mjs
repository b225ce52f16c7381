// npm install watchword fastify && node fastify.mjs
import Fastify from 'fastify';
import { nodeHandler } from 'watchword';
import { begin, finish, watchword } from './watchword.mjs';

const app = Fastify({ forceCloseConnections: true });
const otp = nodeHandler(watchword);

app.register(async (scope) => {
  // Watchword reads its requests itself: in this scope Fastify leaves bodies alone.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
  scope.all('/otp/*', (request, reply) => {
    reply.hijack();
    return otp(request.raw, reply.raw);
  });
});

app.post('/sign-in', async (request, reply) => {
  const { status, body } = await begin(request.body.email);
  return reply.code(status).send(body);
});

app.post('/sign-in/code', async (request, reply) => {
  const { status, body } = await finish(request.body.id, request.body.code);
  return reply.code(status).send(body);
});

app.addHook('onClose', () => watchword.close());
console.log(`listening on ${await app.listen({ port: Number(process.env.PORT ?? 3000) })}`);
process.once('SIGTERM', () => app.close());
