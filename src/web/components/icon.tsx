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
  plane: <path d="M20.500 3.500 3.500 10.500l7 3 3 7z" />,
  lock: <path d="M5 11h14v9.500H5zM8 11V8a4 4 0 0 1 8 0v3" />,
  envelope: <path d="M3.500 5.500h17v13h-17zM4 6l8 7 8-7" />,
  desk: <path d="M4 5h16v11H4zM9 20h6M12 16v4" />,
  records: <path d="M5 4h14v16H5zM9 9h6M9 13h6" />,
  people: (
    <>
      <circle cx="9" cy="8" r="3.5" />
      <path d="M3 20c0-4 2.500-6 6-6s6 2 6 6M16 5a3.500 3.500 0 0 1 0 6.500M18 14.500c2 .8 3 2.700 3 5.500" />
    </>
  ),
  insights: <path d="M4 20V4M4 20h16M8.500 16v-4M13 16V8M17.500 16v-6" />,
  applications: <path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z" />,
  agents: (
    <>
      <circle cx="12" cy="8" r="4" />
      <path d="M4.500 20.500c.6-4 3.500-6 7.500-6s6.900 2 7.500 6" />
    </>
  ),
  chain: (
    <path d="M10 14a4 4 0 0 0 6 .4l3-3a4.200 4.200 0 0 0-6-6l-1.300 1.300M14 10a4 4 0 0 0-6-.4l-3 3a4.200 4.200 0 0 0 6 6l1.300-1.300" />
  ),
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
