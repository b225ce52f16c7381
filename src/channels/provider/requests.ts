import type { ProviderRequest } from './spec.ts';

/** A JSON body. */
export function jsonRequest(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ProviderRequest {
  return { url, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** A form body; null values are left out. */
export function formRequest(
  url: string,
  fields: Readonly<Record<string, string | null>>,
  headers: Readonly<Record<string, string>> = {},
): ProviderRequest {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== null) given.append(name, value);
  return {
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: given.toString(),
  };
}

/** The `Authorization` header of RFC 7617. */
export function basicAuth(user: string, password: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}` };
}
