const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bHeadlessChrome\/|\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b|\biPad\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

const LONGEST = 512;

/** Whether a `User-Agent` names a browser that has words here. */
export function isBrowser(userAgent: string): boolean {
  return BROWSERS.some(([pattern]) => pattern.test(userAgent.slice(0, LONGEST)));
}

/** A browser in words, from its `User-Agent`, such as “Firefox on Linux”. */
export function browserName(userAgent: string): string {
  const text = userAgent.slice(0, LONGEST);
  const browser = BROWSERS.find(([pattern]) => pattern.test(text))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(text))?.[1];
  return browser === undefined
    ? (system ?? 'Unknown browser')
    : `${browser}${system === undefined ? '' : ` on ${system}`}`;
}
