import type { JSX } from 'hono/jsx/jsx-runtime';

const RING = (
  <>
    <circle cx="12" cy="12" r="8" />
    <circle cx="12" cy="12" r="2.5" fill="currentColor" />
  </>
);

/** Every icon: a 24-unit grid, strokes 2 wide, the colour of the text around it. */
const ICONS = {
  tick: <path d="M4.5 12.5 10 18 19.5 6.5" />,
  cross: <path d="M6 6l12 12M18 6 6 18" />,
  bar: <path d="M5 12h14" />,
  ring: RING,
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7v5.2l3.2 2" />
    </>
  ),
  triangle: (
    <>
      <path d="M12 3.5 22 20.5H2z" />
      <path d="M12 10v5M12 17.6v.2" />
    </>
  ),
  circle: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 11v5.5M12 7.4v.2" />
    </>
  ),
  barred: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M6 6l12 12" />
    </>
  ),
  arrows: <path d="M5 6l7 6-7 6zM13 6l7 6-7 6z" />,
  lock: <path d="M5 11h14v9.500H5zM8 11V8a4 4 0 0 1 8 0v3" />,
  envelope: <path d="M3.500 5.500h17v13h-17zM4 6l8 7 8-7" />,
  tray: <path d="M4 13 6.500 5h11L20 13v6H4zM4 13h5l1 2.500h4l1-2.500h5" />,
} as const;

export type IconName = keyof typeof ICONS;

/** An icon. It repeats a word that stands beside it, so screen readers skip it. */
export function Icon({ name, class: extra }: { name: IconName; class?: string }): JSX.Element {
  return (
    <svg class={extra === undefined ? 'icon' : `icon ${extra}`} viewBox="0 0 24 24" aria-hidden="true">
      {ICONS[name]}
    </svg>
  );
}
