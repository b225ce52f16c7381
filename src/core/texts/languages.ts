import { ASIA_AFRICA_LATIN } from './asia-africa-latin.ts';
import { BALTIC_URALIC } from './baltic-uralic.ts';
import { CYRILLIC_GREEK } from './cyrillic-greek.ts';
import { EAST_ASIAN } from './east-asian.ts';
import { GERMANIC } from './germanic.ts';
import type { LanguageTexts } from './language-texts.ts';
import { NORDIC } from './nordic.ts';
import { RIGHT_TO_LEFT } from './right-to-left.ts';
import { ROMANCE } from './romance.ts';
import { SLAVIC_LATIN } from './slavic-latin.ts';
import { SOUTH_ASIAN } from './south-asian.ts';

const TABLE = {
  ...GERMANIC,
  ...NORDIC,
  ...ROMANCE,
  ...SLAVIC_LATIN,
  ...CYRILLIC_GREEK,
  ...BALTIC_URALIC,
  ...RIGHT_TO_LEFT,
  ...SOUTH_ASIAN,
  ...EAST_ASIAN,
  ...ASIA_AFRICA_LATIN,
};

/** A language that messages are written in, as a BCP 47 tag. */
export type Locale = keyof typeof TABLE;

/** The words of every language. */
export const LANGUAGES: Readonly<Record<Locale, LanguageTexts>> = TABLE;

/** Languages that messages are written in, English first. */
export const SUPPORTED_LOCALES = Object.keys(TABLE) as readonly Locale[];
