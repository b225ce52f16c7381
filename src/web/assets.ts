import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** A file that pages refer to: `version` changes with the content, so that it can be cached for ever. */
export interface Asset {
  readonly name: string;
  readonly type: string;
  readonly body: string;
  /** The same, compressed once for all who take that. */
  readonly gzip: Uint8Array<ArrayBuffer>;
  readonly version: string;
}

/** The one stylesheet: tokens first, then the rules. */
export const STYLESHEET = asset('watchword.css', 'text/css; charset=utf-8', [
  tight(read('tokens.css')),
  tight(read('watchword.css')),
]);

/** The mark, which is also the favicon. */
export const MARK = asset('mark.svg', 'image/svg+xml', [read('mark.svg')]);

/** Counts the time of a code down; pages work without it. */
export const COUNTDOWN = asset('countdown.js', 'text/javascript; charset=utf-8', [island('countdown.js')]);

/** Keeps an open page of the desk up to date; pages work without it. */
export const LIVE = asset('live.js', 'text/javascript; charset=utf-8', [island('live.js')]);

/** Copies the text of a field; without it one selects that by hand. */
export const COPY = asset('copy.js', 'text/javascript; charset=utf-8', [island('copy.js')]);

/** Takes the code out of an SMS where the browser offers it; pages work without it. */
export const WEB_OTP = asset('web-otp.js', 'text/javascript; charset=utf-8', [island('web-otp.js')]);

/** Asks the browser for a passkey; what it is for needs scripts. */
export const PASSKEY = asset('passkey.js', 'text/javascript; charset=utf-8', [island('passkey.js')]);

/** Shows that a browser took some trouble; without it one waits. */
export const PROOF = asset('proof.js', 'text/javascript; charset=utf-8', [island('proof.js')]);

/** Sends the form of a CAPTCHA's widget; without it one waits. */
export const CAPTCHA = asset('captcha.js', 'text/javascript; charset=utf-8', [island('captcha.js')]);

const ASSETS: ReadonlyMap<string, Asset> = new Map(
  [STYLESHEET, MARK, COUNTDOWN, LIVE, COPY, WEB_OTP, PASSKEY, PROOF, CAPTCHA].map((file) => [file.name, file]),
);

export function findAsset(name: string): Asset | undefined {
  return ASSETS.get(name);
}

/** The path of an asset below the base path, with its version. */
export function assetPath(file: Asset): string {
  return `/assets/${file.name}?v=${file.version}`;
}

/** Beside this module both in the sources and in the build. */
function read(name: string): string {
  return readAny(name, [`./assets/${name}`]);
}

/** Without comments and indentation, which nobody needs on the way to a phone. No text in our styles holds either. */
function tight(css: string): string {
  return css.replace(/\/\*[^]*?\*\//g, '').replace(/\s*\n\s*/g, '\n');
}

/** A script as the compiler made it: beside this module in the build, in the build beside the sources. */
function island(name: string): string {
  return readAny(name, [`./islands/${name}`, `../../dist/web/islands/${name}`]);
}

function readAny(name: string, places: readonly string[]): string {
  const file = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (file === undefined) throw new Error(`The build lacks the page asset ${name}. Run "npm run build".`);
  return readFileSync(file, 'utf8');
}

function asset(name: string, type: string, parts: readonly string[]): Asset {
  const body = parts.join('\n');
  return { name, type, body, gzip: new Uint8Array(gzipSync(body, { level: 9 })), version: fingerprint(body) };
}

/** FNV-1a (32 bits) over UTF-16 units: tells versions of a file apart, protects nothing. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
