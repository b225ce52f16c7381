import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accentShades, contrast, contrastOnWhite, MIN_TEXT_CONTRAST } from '../../src/core/contrast.ts';

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#0b5563', '#ffffff', 8.38],
  ])('of %s on %s is %f', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 1);
    expect(contrast(other, one)).toBe(contrast(one, other));
  });
});

describe('the shades of an accent', () => {
  it('are there exactly for colours that can be read on white, and can be read in both themes', () => {
    fc.assert(
      fc.property(colour, (accent) => {
        const shades = accentShades(accent);
        expect(shades !== null).toBe(contrastOnWhite(accent) >= MIN_TEXT_CONTRAST);
        if (shades === null) return;
        for (const { accent: shade, 'on-accent': on, 'accent-hover': hover } of [shades.light, shades.dark]) {
          expect(contrast(shade, on)).toBeGreaterThanOrEqual(MIN_TEXT_CONTRAST);
          expect(contrast(hover, on)).toBeGreaterThanOrEqual(MIN_TEXT_CONTRAST);
        }
        expect(contrast(shades.dark.accent, '#1d1c19')).toBeGreaterThanOrEqual(MIN_TEXT_CONTRAST);
        expect(contrast('#1c1b19', shades.light['accent-soft'])).toBeGreaterThanOrEqual(MIN_TEXT_CONTRAST);
        expect(contrast('#f1eee8', shades.dark['accent-soft'])).toBeGreaterThanOrEqual(MIN_TEXT_CONTRAST);
      }),
    );
  });
});
