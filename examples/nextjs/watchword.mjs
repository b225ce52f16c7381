import { createWatchword } from 'watchword';

/** Next.js loads modules again while you develop: one Watchword stays, on the global object. */
export const watchword = (globalThis.watchword ??= createWatchword({
  databaseUrl: process.env.DATABASE_URL ?? 'sqlite:./data/example.db',
  basePath: '/otp',
}));
