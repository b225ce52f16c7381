import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A fenced block of a page: its language and its text, with the line it begins on. */
export interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** All fenced blocks of a page of this repository, in order; those of a list without their indent. */
export function blocksOf(path: string): readonly Block[] {
  const page = readFileSync(`${ROOT}${path}`, 'utf8');
  return [...page.matchAll(/^( *)```(\w+)[^\n]*\n([\s\S]*?)^\1```$/gm)].map(
    ({ index, 1: indent = '', 2: language = '', 3: text = '' }) => ({
      language,
      text: text.replace(new RegExp(`^${indent}`, 'gm'), ''),
      line: page.slice(0, index).split('\n').length + 1,
    }),
  );
}

/**
 * Whether an answer is what a page shows of it. `…` in a text stands for anything, alone for any value; a member `"…"` for
 * further members; a number like a time in seconds for any such time. Returns the first difference, or null.
 */
export function difference(shown: unknown, actual: unknown, at = '$'): string | null {
  if (shown === '…') return null;
  if (typeof shown === 'string' && shown.includes('…')) {
    return typeof actual === 'string' && patternOf(shown).test(actual) ? null : told(shown, actual, at);
  }
  if (typeof shown === 'number' && shown > 1e9) {
    return typeof actual === 'number' && actual > 1e9 ? null : told(shown, actual, at);
  }
  if (Array.isArray(shown)) return listDifference(shown, actual, at);
  if (isObject(shown)) return objectDifference(shown, actual, at);
  return shown === actual ? null : told(shown, actual, at);
}

function listDifference(shown: readonly unknown[], actual: unknown, at: string): string | null {
  if (!Array.isArray(actual) || actual.length !== shown.length) return told(shown, actual, at);
  return first(shown.map((entry, index) => difference(entry, actual[index], `${at}/${index}`)));
}

function objectDifference(shown: Readonly<Record<string, unknown>>, actual: unknown, at: string): string | null {
  if (!isObject(actual)) return told(shown, actual, at);
  const extra = Object.keys(actual).filter((name) => !Object.hasOwn(shown, name));
  if (!Object.hasOwn(shown, '…') && extra.length > 0) return `${at} also has ${extra.join(', ')}`;
  const names = Object.keys(shown).filter((name) => name !== '…');
  return first(names.map((name) => difference(shown[name], actual[name], `${at}/${name}`)));
}

function patternOf(shown: string): RegExp {
  const parts = shown.split(/…+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function first(differences: readonly (string | null)[]): string | null {
  return differences.find((entry) => entry !== null) ?? null;
}

function told(shown: unknown, actual: unknown, at: string): string {
  return `${at} is shown as ${JSON.stringify(shown)} and is ${JSON.stringify(actual)}`;
}
