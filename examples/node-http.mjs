// npm install watchword && node node-http.mjs
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { nodeHandler } from 'watchword';
import { begin, finish, watchword } from './watchword.mjs';

const otp = nodeHandler(watchword);

const server = createServer(async (request, response) => {
  if (request.url.startsWith('/otp')) return otp(request, response);
  const answer = await signIn(request).catch(() => ({ status: 400, body: { detail: 'This is no JSON.' } }));
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
});

async function signIn(request) {
  const route = `${request.method} ${request.url}`;
  if (route === 'POST /sign-in') return begin((await json(request)).email);
  if (route !== 'POST /sign-in/code') return { status: 404, body: {} };
  const { id, code } = await json(request);
  return finish(id, code);
}

server.listen(process.env.PORT ?? 3000, () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
process.once('SIGTERM', () => server.close(() => watchword.close()));
