import { isIP } from 'node:net';
import { type Secret, secret } from '../core/redacted.ts';

/** What a setting's text means, or why it means nothing. `problem` completes "NAME …" and never repeats the value. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export type Parse<T> = (text: string) => Parsed<T>;

const MIN_SECRET_BYTES = 32;

function value<T>(result: T): Parsed<T> {
  return { ok: true, value: result };
}

function problem(text: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: text };
}

/** A whole number from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number): Parse<number> {
  return (text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    return number >= min && number <= max ? value(number) : problem(`must be a whole number from ${min} to ${max}`);
  };
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Parse<Word> {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    return word === undefined ? problem(`must be ${words.join(' or ')}`) : value(word);
  };
}

/** A host name or an address to listen on, without port or scheme. */
export function hostName(text: string): Parsed<string> {
  const plain = isIP(text) > 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text);
  return plain ? value(text) : problem('must be a host name or an IP address, without port or scheme');
}

/** An absolute http or https address, kept without its trailing slash. A path is the base path of every page. */
export function publicUrl(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return problem('must be an absolute http:// or https:// address');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return problem('must not carry credentials, a query or a fragment');
  }
  return value(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
}

/** A root secret of at least 32 bytes. */
export function rootSecret(text: string): Parsed<Secret> {
  return longEnough(text)
    ? value(secret(text))
    : problem(`must have at least ${MIN_SECRET_BYTES} bytes; make one with: openssl rand -base64 32`);
}

/** Earlier root secrets, newest first, separated by spaces. */
export function rootSecrets(text: string): Parsed<readonly Secret[]> {
  const secrets = words(text);
  const short = secrets.findIndex((entry) => !longEnough(entry));
  if (short >= 0) return problem(`has an entry (number ${short + 1}) of less than ${MIN_SECRET_BYTES} bytes`);
  return value(secrets.map(secret));
}

/** Provider DSNs in the order they are tried. The scheme's own rules are checked where the channel is made. */
export function providerDsns(text: string): Parsed<readonly Secret[]> {
  const dsns = words(text);
  const bad = dsns.findIndex((dsn) => !/^[a-z][a-z0-9+.-]*:\/\//.test(dsn));
  if (bad >= 0)
    return problem(`has an entry (number ${bad + 1}) that is no provider address; it must look like scheme://…`);
  return value(dsns.map(secret));
}

/** One DSN. The scheme's own rules are checked where it is opened. */
export function oneDsn(text: string): Parsed<Secret> {
  return /^[a-z][a-z0-9+.-]*:\/\/\S+$/.test(text) ? value(secret(text)) : problem('must look like scheme://…');
}

/** `http://user:password@host:port`, or the same by https. */
export function proxyUrl(text: string): Parsed<Secret> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isFit =
    url !== null && ['http:', 'https:'].includes(url.protocol) && `${url.pathname}${url.search}${url.hash}` === '/';
  return isFit
    ? value(secret(text))
    : problem('must be http://host:port or https://host:port, with user:password@ where the proxy asks for it');
}

/** A path, taken as it is. */
export function filePath(text: string): Parsed<string> {
  return value(text);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function longEnough(text: string): boolean {
  return new TextEncoder().encode(text).length >= MIN_SECRET_BYTES;
}
