import type { FailureKind } from '../../ports/channel.ts';
import { signV4 } from './sigv4.ts';
import type { Account, OptionSpec, ProviderRequest } from './spec.ts';

/** Options of every AWS service for SMS. */
export const AWS_OPTIONS: Readonly<Record<'region' | 'session_token' | 'max_price', OptionSpec>> = {
  region: {
    doc: 'Region of the account.',
    required: true,
    pattern: [/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'an AWS region'],
    example: 'eu-west-1',
  },
  session_token: { doc: 'Session token of temporary credentials; they end without warning.' },
  max_price: { doc: 'Most one message may cost, USD.', pattern: [/^\d{1,3}(?:\.\d{1,5})?$/, 'an amount in USD'] },
};

/** Errors that every AWS service shares. https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html */
export const AWS_ERRORS = {
  AccessDenied: 'misconfigured',
  AccessDeniedException: 'misconfigured',
  ExpiredToken: 'misconfigured',
  ExpiredTokenException: 'misconfigured',
  IncompleteSignature: 'misconfigured',
  InternalFailure: 'unavailable',
  InvalidClientTokenId: 'misconfigured',
  InvalidSignatureException: 'misconfigured',
  MissingAuthenticationToken: 'misconfigured',
  NotAuthorized: 'misconfigured',
  OptInRequired: 'misconfigured',
  RequestExpired: 'misconfigured',
  ServiceUnavailable: 'unavailable',
  SignatureDoesNotMatch: 'misconfigured',
  Throttling: 'rate_limited',
  ThrottlingException: 'rate_limited',
  UnrecognizedClientException: 'misconfigured',
} as const satisfies Record<string, FailureKind>;

/** `service.region.amazonaws.com`; China has a domain of its own. */
export function awsHost(service: string, region: string | null): string {
  const name = region ?? 'us-east-1';
  return `${service}.${name}.amazonaws.com${name.startsWith('cn-') ? '.cn' : ''}`;
}

/** The request with the account's signature. */
export async function signedForAws(
  request: ProviderRequest,
  account: Account,
  service: string,
): Promise<ProviderRequest> {
  const { method = 'POST', headers = {}, body = '' } = request;
  const url = request.url.startsWith('/') ? account.baseUrl + request.url : request.url;
  const signed = await signV4({
    method,
    url,
    headers,
    body,
    region: account.option('region') ?? '',
    service,
    accessKeyId: account.user,
    secretAccessKey: account.password,
    sessionToken: account.option('session_token'),
    now: account.now(),
  });
  return { method, url, headers: signed, body };
}

/** What must never show in a failure's detail. */
export function awsSecrets(account: Account): readonly string[] {
  return [account.user, account.password, account.option('session_token') ?? ''];
}
