import type { Failure } from '../../ports/channel.ts';
import { failure, systemCode, withDeadline } from '../outcome.ts';
import type { Account, ProviderAnswer, ProviderRequest } from './spec.ts';

const MAX_ANSWER_BYTES = 64 * 1024;

/** The one way to ask a provider: its deadline, no redirects, at most 64 kB read, failures typed. */
export async function callProvider(
  request: ProviderRequest,
  account: Account,
  signal: AbortSignal,
): Promise<ProviderAnswer | Failure> {
  const deadline = withDeadline(signal);
  try {
    const { method = 'POST', headers = {}, body } = request;
    const reply = await fetch(request.url.startsWith('/') ? account.baseUrl + request.url : request.url, {
      method,
      redirect: 'manual',
      signal: deadline,
      headers: { 'user-agent': 'Watchword', accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = (await readText(reply)) ?? '';
    return { status: reply.status, text, json: parseJson(text), header: (name) => reply.headers.get(name) };
  } catch (error) {
    if (deadline.aborted) return failure('unavailable', 'retry', 'the provider did not answer in time');
    const code = systemCode(error) ?? 'connection failed';
    return failure('unavailable', 'retry', `the provider could not be reached (${code})`);
  }
}

/** The body's text; null when it is too long. */
async function readText(reply: Response): Promise<string | null> {
  if (reply.body === null) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of reply.body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > MAX_ANSWER_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
