import { createWatchword, optionsFrom } from 'watchword';

/**
 * Made at the first request: `next build` loads every route in production mode, where your secrets are not. Next.js loads modules
 * again while you develop: one Watchword stays, on the global object.
 */
export function watchword() {
  return (globalThis.watchword ??= createWatchword({
    databaseUrl: 'sqlite:./data/example.db',
    ...optionsFrom(process.env),
    basePath: '/otp',
  }));
}
