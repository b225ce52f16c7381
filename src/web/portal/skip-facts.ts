import type { EventData } from '../../core/events.ts';
import { CONFIRMATIONS, OVERRIDE_CAUSES } from '../../core/overrides.ts';

/** Why no code was used, and how the caller was confirmed, of a `skipped` event. */
export function skipFacts(data: EventData): { readonly cause: string; readonly confirmation: string } {
  return { cause: wordIn(OVERRIDE_CAUSES, data['cause']), confirmation: wordIn(CONFIRMATIONS, data['confirmation']) };
}

function wordIn(words: Readonly<Record<string, string>>, name: unknown): string {
  return typeof name === 'string' ? (words[name] ?? name) : '–';
}
