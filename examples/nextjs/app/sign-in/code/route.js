import { watchword } from '../../../watchword.js';

export const runtime = 'nodejs';

/** Second half: approved only for the right code, in time, once. Open your own session then. */
export async function POST(request) {
  const { id, code } = await request.json();
  const checked = await watchword().verify.check(id, code);
  if (!checked.ok) return Response.json(checked.problem, { status: 400 });
  return Response.json({ result: checked.result }, { status: checked.result === 'approved' ? 200 : 401 });
}
