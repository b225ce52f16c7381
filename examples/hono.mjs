// npm install watchword hono @hono/node-server && node hono.mjs
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { begin, finish, watchword } from './watchword.mjs';

const app = new Hono();

app.post('/sign-in', async (context) => {
  const { email } = await context.req.json();
  const { status, body } = await begin(email);
  return context.json(body, status);
});

app.post('/sign-in/code', async (context) => {
  const { id, code } = await context.req.json();
  const { status, body } = await finish(id, code);
  return context.json(body, status);
});

// The API and the pages of Watchword; `env` tells it who is calling.
app.all('/otp/*', (context) => watchword.handler(context.req.raw, context.env));

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) =>
  console.log(`listening on http://127.0.0.1:${port}`),
);
process.once('SIGTERM', () => server.close(() => watchword.close()));
