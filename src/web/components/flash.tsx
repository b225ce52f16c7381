import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { Icon } from './icon.tsx';
import { TONE_ICONS } from './tone.ts';

type FlashProps = PropsWithChildren<{
  tone: 'good' | 'bad' | 'info' | 'warn';
  /** Where the page is without this message. Without it the message stays. */
  dismiss?: string;
}>;

/** What just happened, above the page. It stays until it is dismissed by its link. */
export function Flash({ tone, dismiss, children }: FlashProps): JSX.Element {
  return (
    <div class={`flash is-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={TONE_ICONS[tone]} />
      <div>{children}</div>
      {dismiss === undefined ? null : (
        <a href={dismiss} aria-label="Dismiss this message">
          Dismiss
        </a>
      )}
    </div>
  );
}
