const LONGEST = 1024;

/**
 * A path of the desk that a form or link asked to go on to; the desk itself for anything else. Only what begins with `/desk` as a
 * browser reads it passes, so that no address can lead away.
 */
export function ownPath(next: string): string {
  if (next.length > LONGEST || !/^\/desk(?:[/?]|$)/.test(next) || /[\\\s\u0000-\u001f]/.test(next)) return '/desk';
  const { origin, pathname, search } = new URL(next, 'https://desk.invalid');
  const stays = origin === 'https://desk.invalid' && /^\/desk(?:\/|$)/.test(pathname) && !pathname.includes('//');
  return stays ? `${pathname}${search}` : '/desk';
}
