import { expect } from 'vitest';
import { killAll } from '../support/process.ts';
import { type Counts, type Gate, type Ledger, NOTHING_BROKEN } from './ledger.ts';
import { CYCLES, SEED } from './numbers.ts';
import { serverOf, tell } from './report.ts';
import type { Scene, Victim } from './victims.ts';

/** How many people verify side by side. */
export const LANES = 12;
/** Long enough for every cycle to go badly. */
export const PATIENCE = { timeout: 60_000 + CYCLES * 15_000 };

const cleanUps: (() => Promise<unknown>)[] = [];

/** Done after the test, the newest first. */
export function afterwards(cleanUp: () => Promise<unknown>): void {
  cleanUps.push(cleanUp);
}

/** For `afterEach`. */
export async function cleanUp(): Promise<void> {
  await killAll();
  for (const one of cleanUps.splice(0).toReversed()) await one();
}

/** The victim's store on servers of its own, gone after the test. */
export async function prepare(victim: Victim): Promise<Scene> {
  const scene = await victim.prepare();
  afterwards(() => scene.remove());
  return scene;
}

/** Lets people come while something is done to the service, and ends when all of them have left. */
export async function underLoad<T>(gates: readonly Gate[], ledger: Ledger, work: () => Promise<T>): Promise<T> {
  let over = false;
  const working = ledger.work(gates, LANES, () => over);
  try {
    return await work();
  } finally {
    over = true;
    await working;
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Tells the counts of an experiment, and expects that no promise broke while enough happened to break one. */
export function expectWhole(
  kind: 'kill server' | 'kill service',
  { name, needs }: Victim,
  counts: Counts,
  { from, ...more }: { readonly from: number; readonly slowestBackMs?: number },
): void {
  const seconds = (performance.now() - from) / 1000;
  tell({ kind, store: name, server: serverOf(needs), seed: SEED, cycles: CYCLES, seconds, ...more, ...counts });
  expect(counts, `WATCHWORD_SEED=${SEED}`).toMatchObject(NOTHING_BROKEN);
  expect(counts.approved).toBeGreaterThan(CYCLES);
  expect(counts.inDoubt).toBeGreaterThan(0);
}
