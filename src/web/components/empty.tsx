import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { Icon, type IconName } from './icon.tsx';

/** What would be here, why it is not, and one way on (the children). */
export function Empty({ title, icon, children }: PropsWithChildren<{ title: string; icon?: IconName }>): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon ?? 'tray'} class="sign is-calm" />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
