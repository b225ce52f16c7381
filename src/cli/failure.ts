import { type Problem, type Result, WatchwordError } from '../core/errors.ts';
import { OldSchemaError, SettingsError } from '../runtime/settings-error.ts';
import { CommandError } from './exit.ts';

/** Turns what was thrown into a sentence with an exit code and a cure. */
export function explainFailure(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof SettingsError) return badSettings(error);
  if (error instanceof OldSchemaError) {
    return new CommandError('config', error.message, {
      cure: 'Make a copy of it, then run: watchword migrate',
      cause: error,
    });
  }
  if (error instanceof WatchwordError && error.code === 'unavailable') {
    return new CommandError('unavailable', sentence(error.message), { cure: 'See watchword doctor.', cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new CommandError('failed', sentence(message), { cause: error });
}

function badSettings({ problems }: SettingsError): CommandError {
  const count = problems.length === 1 ? 'One setting cannot be used:' : `${problems.length} settings cannot be used:`;
  return new CommandError('config', count, {
    details: problems,
    cure: 'Every setting is explained in docs/reference/settings.md.',
  });
}

/** What a use case gave; throws what it refused. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw refusal(result.problem);
}

/** A use case said no. */
export function refusal(problem: Problem): CommandError {
  const places = (problem.errors ?? []).filter(({ detail }) => detail !== problem.detail);
  const details = places.map(({ pointer, detail }) => ({ name: pointer, problem: detail }));
  return new CommandError('failed', `${sentence(problem.detail)} (${problem.code})`, { details });
}

/** True when another program listens on the address. */
export function isPortBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
