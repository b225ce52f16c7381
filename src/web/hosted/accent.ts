import { accentShades } from '../../core/contrast.ts';

/** The address of the stylesheet that sets one accent colour, below the base path. */
export function accentPath(accent: string): string {
  return `/assets/accent/${accent.slice(1).toLowerCase()}.css`;
}

/** The stylesheet of a colour written as in its address; null for what is no colour that may be used. */
export function accentStylesheet(name: string): string | null {
  const hex = /^([0-9a-f]{6})\.css$/.exec(name)?.[1];
  const shades = hex === undefined ? null : accentShades(`#${hex}`);
  if (shades === null) return null;
  return `:root{${variables(shades.light)}}@media (prefers-color-scheme:dark){:root{${variables(shades.dark)}}}`;
}

function variables(shades: Readonly<Record<string, string>>): string {
  return Object.entries(shades)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}
