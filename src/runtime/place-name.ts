import type { DatabaseLocation } from '../config/index.ts';

const TITLES = { postgres: 'PostgreSQL', mysql: 'MySQL' } as const;

/** A database as people may see it: the file, or server and database without user and password. */
export function placeName(database: DatabaseLocation): string {
  if (database.kind === 'sqlite') return database.path;
  const { host, pathname, searchParams } = new URL(database.url.reveal());
  return `${TITLES[database.kind]} ${host || (searchParams.get('host') ?? searchParams.get('socket') ?? '')}${pathname}`;
}
