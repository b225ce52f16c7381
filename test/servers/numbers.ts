/** How much is tried: little on other Nodes, more on the build machine, most for the proof. */
function number(name: string, otherwise: number): number {
  const given = process.env[name];
  return given === undefined ? otherwise : Number(given);
}

const SMALL = process.env['WATCHWORD_ROUNDS'] === 'small';

/** Kills per store and kind of victim. */
export const CYCLES = number('WATCHWORD_CYCLES', SMALL ? 2 : 5);
/** Codes submitted in races per store. */
export const ATTEMPTS = number('WATCHWORD_RACES', SMALL ? 500 : 2000);
export const ROUNDS = SMALL ? 2 : 10;
/** Rolling restarts of all services. */
export const ROLLS = SMALL ? 1 : 5;
/** Requests that the rolling restarts are spread over, at least. */
export const ROLLED_REQUESTS = number('WATCHWORD_ROLLED_REQUESTS', 0);
export const HISTORIES = SMALL ? 20 : 100;
/** The same seed gives the same plans (not the same interleaving). */
export const SEED = number('WATCHWORD_SEED', Date.now() % 1_000_000);

const STORES = process.env['WATCHWORD_STORES']?.split(',');

/** Those of a table that this run is about: all, or what `WATCHWORD_STORES` names by id. */
export function chosen<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  return STORES === undefined ? all : all.filter(({ id }) => STORES.includes(id));
}
