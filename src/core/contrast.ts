/** The least contrast of normal text (WCAG 2.2, 1.4.3 AA). */
export const MIN_TEXT_CONTRAST = 4.5;

const WHITE = '#ffffff';
const BLACK = '#000000';
/** Cards in the dark theme, and the text on a light button. */
const DARK_SURFACE = '#1d1c19';
const DARK_INK = '#141311';
const STEPS = 20;

/** Contrast ratio of `#rrggbb` against white, 1 to 21 (WCAG 2.2 relative luminance). */
export function contrastOnWhite(hex: string): number {
  return contrast(hex, WHITE);
}

/** Contrast ratio of two colours, `#rrggbb`, in any order. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((left, right) => left - right);
  return (light + 0.05) / (dark + 0.05);
}

/** Everything pages colour by one accent. */
type Shades = Readonly<Record<'accent' | 'accent-hover' | 'accent-soft' | 'on-accent', string>>;

/** The shades of an accent; in the dark it is lightened until it can be read. Null when it has too little contrast on white. */
export function accentShades(accent: string): { readonly light: Shades; readonly dark: Shades } | null {
  if (contrastOnWhite(accent) < MIN_TEXT_CONTRAST) return null;
  const bright = lightened(accent);
  return {
    light: {
      accent,
      'accent-hover': mix(accent, BLACK, 0.25),
      'accent-soft': mix(WHITE, accent, 0.1),
      'on-accent': WHITE,
    },
    dark: {
      accent: bright,
      'accent-hover': mix(bright, WHITE, 0.3),
      'accent-soft': mix(DARK_SURFACE, bright, 0.15),
      'on-accent': DARK_INK,
    },
  };
}

function lightened(accent: string): string {
  const shades = Array.from({ length: STEPS + 1 }, (_, step) => mix(accent, WHITE, step / STEPS));
  return shades.find((shade) => contrast(shade, DARK_SURFACE) >= MIN_TEXT_CONTRAST + 1) ?? WHITE;
}

function mix(from: string, to: string, share: number): string {
  const right = channels(to);
  const mixed = channels(from).map((value, i) => Math.round(value + ((right[i] ?? 0) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = channels(hex).map((value) => linear(value / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(hex: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
