import type { JSX } from 'hono/jsx/jsx-runtime';
import { Icon, type IconName } from './icon.tsx';
import { TONE_ICONS, type Tone } from './tone.ts';

/** One word for one state: an icon, the word, and a colour that only repeats them. */
export function Badge({ tone, icon, word }: { tone: Tone; icon?: IconName; word: string }): JSX.Element {
  return (
    <span class={`badge is-${tone}`}>
      <Icon name={icon ?? TONE_ICONS[tone]} />
      {word}
    </span>
  );
}
