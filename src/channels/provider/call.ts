import type { Failure } from '../../ports/channel.ts';
import { failure, systemCode } from '../outcome.ts';
import { callHttp, NoAnswerError } from './http.ts';
import type { Account, ProviderAnswer, ProviderRequest } from './spec.ts';

/** The one way to ask a provider: its deadline, no redirects, at most 64 kB read, failures typed. */
export async function callProvider(
  request: ProviderRequest,
  account: Account,
  signal: AbortSignal,
): Promise<ProviderAnswer | Failure> {
  const { method = 'POST', headers = {}, body = null } = request;
  const url = request.url.startsWith('/') ? account.baseUrl + request.url : request.url;
  try {
    const answer = await callHttp(
      { method, url, headers: { 'user-agent': 'Watchword', accept: 'application/json', ...headers }, body },
      signal,
    );
    return { ...answer, json: parseJson(answer.text) };
  } catch (error) {
    if (error instanceof NoAnswerError) return failure('unavailable', 'retry', 'the provider did not answer in time');
    const code = systemCode(error) ?? 'connection failed';
    return failure('unavailable', 'retry', `the provider could not be reached (${code})`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
