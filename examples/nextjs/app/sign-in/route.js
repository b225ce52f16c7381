import { watchword } from '../../watchword.js';

export const runtime = 'nodejs';

/** First half of a sign-in: sends a code. */
export async function POST(request) {
  const { email } = await request.json();
  const started = await watchword().verify.start({ to: email, purpose: 'login' });
  if (!started.ok) return Response.json(started.problem, { status: 422 });
  return Response.json({ id: started.id, sent_to: started.to.masked });
}
