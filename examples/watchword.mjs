import { createWatchword, optionsFrom } from 'watchword';

/**
 * One for the whole program. Development shows every message at /otp/dev/inbox; production takes its secret and its providers from the
 * environment (WATCHWORD_SECRET, WATCHWORD_EMAIL), and `npx watchword migrate` first makes its database.
 */
export const watchword = createWatchword({
  databaseUrl: 'sqlite:./data/example.db',
  ...optionsFrom(process.env),
  basePath: '/otp',
});

/** First half of a sign-in: sends a code. What was refused comes back with the status that the API would give. */
export async function begin(email) {
  const started = await watchword.verify.start({ to: email, purpose: 'login' });
  if (!started.ok) return { status: started.problem.code === 'limit_exceeded' ? 429 : 422, body: started.problem };
  return { status: 200, body: { id: started.id, sent_to: started.to.masked } };
}

/** Second half: true only for the right code, in time, once. Open your own session where it says so. */
export async function finish(id, code) {
  const checked = await watchword.verify.check(id, code);
  if (!checked.ok)
    return { status: checked.problem.code === 'verification_not_found' ? 404 : 400, body: checked.problem };
  return { status: checked.result === 'approved' ? 200 : 401, body: { result: checked.result } };
}
