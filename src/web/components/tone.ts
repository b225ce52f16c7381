import type { IconName } from './icon.tsx';

/** The state colours. `open` and `test` are outlines; neither says good or bad. */
export type Tone = 'good' | 'bad' | 'info' | 'warn' | 'calm' | 'open' | 'test';

/** The icon of a message in each colour, so that nothing is told by colour alone. */
export const TONE_ICONS: Readonly<Record<Tone, IconName>> = {
  good: 'tick',
  bad: 'triangle',
  info: 'circle',
  warn: 'triangle',
  calm: 'bar',
  open: 'ring',
  test: 'ring',
};
