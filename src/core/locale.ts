/** Languages that messages are written in. */
export const SUPPORTED_LOCALES = ['en', 'de'] as const;
export type Locale = (typeof SUPPORTED_LOCALES)[number];

/**
 * The language for a requested BCP 47 tag: its primary language if supported (`de-AT` → `de`), else that of `fallback`,
 * else English. Never fails; reads no more of the tag than its language.
 */
export function pickLocale(requested: string | null | undefined, fallback: string): Locale {
  return supported(requested ?? '') ?? supported(fallback) ?? 'en';
}

function supported(tag: string): Locale | null {
  const language = tag.slice(0, 3).toLowerCase();
  return (
    SUPPORTED_LOCALES.find((locale) => language === locale || language === `${locale}-` || language === `${locale}_`) ??
    null
  );
}
