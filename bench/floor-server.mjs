// The HTTP floor: a JSON echo on the same framework, the same adapter and the same server options as the service.
import { Hono } from 'hono';
import { serve } from '../dist/http/index.js';

const app = new Hono();
let sequence = 0;
app.post('/echo', async (c) => {
  const { to, purpose } = await c.req.json();
  return c.json({ id: `echo_${++sequence}`, object: 'echo', to, purpose, status: 'pending', sequence });
});

const { port } = await serve(app.fetch, { port: 0, host: '127.0.0.1' });
process.stdout.write(`${JSON.stringify({ event: 'serve.ready', port })}\n`);
process.once('SIGTERM', () => process.exit(0));
