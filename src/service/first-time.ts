import type { ServiceDeps } from './deps.ts';

/** Something that counts once: `id` among its `kind`, remembered from `at` until `endsAt` (epoch ms). */
export interface Once {
  readonly kind: string;
  readonly id: string;
  readonly application: string;
  readonly at: number;
  readonly endsAt: number;
}

/** True for exactly one of all who ask for the same, on every instance. */
export function isFirstTime({ store }: Pick<ServiceDeps, 'store'>, { at, ...once }: Once): Promise<boolean> {
  return store.documents.put({ ...once, index: null, version: 1, body: '{}', createdAt: at, dueAt: null });
}
