// better-auth with its e-mail and phone passcodes, set up as its documentation says, on node:http. Codes are kept and shown at /codes.
import { createServer } from 'node:http';
import { NodeSqliteDialect } from '@better-auth/kysely-adapter/node-sqlite-dialect';
import { DatabaseSync } from '@photostructure/sqlite';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { emailOTP, phoneNumber } from 'better-auth/plugins';

const database = new DatabaseSync(process.argv[2]);
// Not in its documentation, and in its favour: without these every commit waits for the disk twice.
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
const codes = new Map();
// A slow run checks the first codes many minutes after their start.
const LIFE_S = 3600;

const auth = betterAuth({
  database: { dialect: new NodeSqliteDialect({ database }), type: 'sqlite' },
  baseURL: 'http://127.0.0.1',
  secret: 'a secret that is only for measuring, long enough',
  rateLimit: { enabled: false },
  plugins: [
    emailOTP({ expiresIn: LIFE_S, sendVerificationOTP: async ({ email, otp }) => void codes.set(email, otp) }),
    phoneNumber({ expiresIn: LIFE_S, sendOTP: ({ phoneNumber, code }) => void codes.set(phoneNumber, code) }),
  ],
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

const handle = toNodeHandler(auth);
const server = createServer(async (request, response) => {
  if (request.url === '/codes') return answer(response, 200, Object.fromEntries(codes));
  if (request.url === '/users') return answer(response, 200, addUsers(await readBody(request)));
  if (request.url === '/check-phone') return await checkPhone(request, response);
  await handle(request, response);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`));
process.once('SIGINT', () => process.exit(0));

/** Checking a phone code without a session has a function but no address of its own. */
async function checkPhone(request, response) {
  try {
    answer(response, 200, await auth.api.consumePhoneNumberOTP({ body: await readBody(request) }));
  } catch (error) {
    answer(response, error.statusCode ?? 500, { code: error.body?.code ?? error.message });
  }
}

/** The check of an e-mail code wants its user to be there. */
function addUsers(emails) {
  const add = database.prepare(
    'INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt) VALUES (?, ?, ?, 1, ?, ?)',
  );
  const now = new Date().toISOString();
  database.exec('BEGIN');
  for (const email of emails) add.run(email, email, email, now, now);
  database.exec('COMMIT');
  return { added: emails.length };
}

async function readBody(request) {
  return JSON.parse(Buffer.concat(await request.toArray()).toString('utf8'));
}

function answer(response, status, value) {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
