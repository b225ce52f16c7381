/** The least contrast of normal text (WCAG 2.2, 1.4.3 AA). */
export const MIN_TEXT_CONTRAST = 4.5;

/** Contrast ratio of `#rrggbb` against white, 1 to 21 (WCAG 2.2 relative luminance). */
export function contrastOnWhite(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  const luminance = 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  return 1.05 / (luminance + 0.05);
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
