/** Names that speech engines use for a language beside its own, best first. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  ar: ['arb', 'ar'],
  nb: ['nb', 'no'],
  no: ['nb', 'no'],
  tl: ['fil', 'tl'],
  zh: ['cmn', 'zh'],
};

/**
 * The tag of a provider's voice for a BCP 47 locale: its region (or the usual one of its language), else any region; null when no
 * voice speaks it.
 */
export function speechLanguage(locale: string, known: readonly string[]): string | null {
  const { language, region } = likely(locale);
  const names = ALSO[language] ?? [language];
  const regional = names.map((name) => `${name}-${region}`);
  const sameLanguage = names.map((name) => known.find((tag) => tag === name || tag.startsWith(`${name}-`)));
  return known.find((tag) => regional.includes(tag)) ?? sameLanguage.find((tag) => tag !== undefined) ?? null;
}

function likely(locale: string): { readonly language: string; readonly region: string } {
  try {
    const { language, region = '' } = new Intl.Locale(locale).maximize();
    return { language, region };
  } catch {
    return { language: '', region: '' };
  }
}
