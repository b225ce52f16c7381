import type { Locale } from '../../../core/locale.ts';
import { BALTIC_URALIC } from './baltic-uralic.ts';
import { EAST_ASIAN } from './east-asian.ts';
import { EAST_SLAVIC_GREEK } from './east-slavic-greek.ts';
import { GERMANIC } from './germanic.ts';
import { NORDIC } from './nordic.ts';
import { RIGHT_TO_LEFT } from './right-to-left.ts';
import { ROMANCE_EAST } from './romance-east.ts';
import { ROMANCE_WEST } from './romance-west.ts';
import { SLAVIC_SOUTH } from './slavic-south.ts';
import { SLAVIC_WEST } from './slavic-west.ts';
import { SOUTH_ASIAN } from './south-asian.ts';
import { SOUTHEAST_ASIAN } from './southeast-asian.ts';
import { TURKISH_SWAHILI } from './turkish-swahili.ts';
import type { PageTexts } from './page-texts.ts';

const TABLE: Readonly<Record<Locale, PageTexts>> = {
  ...GERMANIC,
  ...NORDIC,
  ...ROMANCE_WEST,
  ...ROMANCE_EAST,
  ...SLAVIC_WEST,
  ...SLAVIC_SOUTH,
  ...EAST_SLAVIC_GREEK,
  ...BALTIC_URALIC,
  ...RIGHT_TO_LEFT,
  ...SOUTH_ASIAN,
  ...EAST_ASIAN,
  ...SOUTHEAST_ASIAN,
  ...TURKISH_SWAHILI,
};

/** The words of the hosted pages in a language. */
export function pageTexts(locale: Locale): PageTexts {
  return TABLE[locale];
}
