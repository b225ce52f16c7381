// npm install watchword express && node express.mjs
import express from 'express';
import { nodeHandler } from 'watchword';
import { begin, finish, watchword } from './watchword.mjs';

const app = express();

// Before any body parser: Watchword reads its requests itself.
app.use('/otp', nodeHandler(watchword));
app.use(express.json());

app.post('/sign-in', async (request, response) => {
  const { status, body } = await begin(request.body.email);
  response.status(status).json(body);
});

app.post('/sign-in/code', async (request, response) => {
  const { status, body } = await finish(request.body.id, request.body.code);
  response.status(status).json(body);
});

const server = app.listen(process.env.PORT ?? 3000, () =>
  console.log(`listening on http://127.0.0.1:${server.address().port}`),
);
process.once('SIGTERM', () => server.close(() => watchword.close()));
