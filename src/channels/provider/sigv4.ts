import { type Bytes, hmacSha256, sha256Hex, utf8 } from './signatures.ts';

/** A request to AWS and who signs it. `url` is absolute and its path needs no escaping; `now` is epoch ms. */
export interface SigningRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly region: string;
  readonly service: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials; null or absent for long-lived ones. */
  readonly sessionToken?: string | null;
  readonly now: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * The headers of a request to AWS with those that sign it (Signature Version 4): date, token and `authorization`. All given headers and
 * the host are signed. https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
export async function signV4(request: SigningRequest): Promise<Readonly<Record<string, string>>> {
  const time = timestamp(request.now);
  const token = request.sessionToken ?? null;
  const headers = {
    ...request.headers,
    'x-amz-date': time,
    ...(token === null ? {} : { 'x-amz-security-token': token }),
  };
  const { canonical, signedHeaders } = await canonicalRequest(request, headers);
  const scope = [time.slice(0, 8), request.region, request.service, 'aws4_request'];
  const toSign = [ALGORITHM, time, scope.join('/'), await sha256Hex(utf8(canonical))].join('\n');
  const signature = Buffer.from(
    await hmacSha256(await signingKey(request.secretAccessKey, scope), utf8(toSign)),
  ).toString('hex');
  const credential = `${request.accessKeyId}/${scope.join('/')}`;
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

async function canonicalRequest(
  { method, url, body }: SigningRequest,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly canonical: string; readonly signedHeaders: string }> {
  const { host, pathname, searchParams } = new URL(url);
  const signed = Object.entries({ ...headers, host })
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .sort(byName);
  const query = [...searchParams].map(([name, value]) => `${escaped(name)}=${escaped(value)}`).sort();
  const signedHeaders = signed.map(([name]) => name).join(';');
  const lines = [
    method,
    pathname,
    query.join('&'),
    ...signed.map(([name, value]) => `${name}:${value}`),
    '',
    signedHeaders,
    await sha256Hex(utf8(body)),
  ];
  return { canonical: lines.join('\n'), signedHeaders };
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : Number(a > b);
}

/** `20150830T123600Z`. */
function timestamp(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** RFC 3986: everything but letters, digits and `-._~`. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function signingKey(secret: string, scope: readonly string[]): Promise<Bytes> {
  let key = utf8(`AWS4${secret}`);
  for (const part of scope) key = await hmacSha256(key, utf8(part));
  return key;
}
