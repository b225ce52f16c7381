import type { JSX } from 'hono/jsx/jsx-runtime';
import { startOfDay } from '../../core/zoned-day.ts';
import { FieldNotes, noteIds } from '../components/field.tsx';

/**
 * What is wrong with a day that was typed into a filter; undefined when it is one, or nothing. It says what was typed: a browser's
 * own date field shows no such text.
 */
export function dayFault(typed: string): string | undefined {
  if (typed === '' || startOfDay(typed, 'UTC') !== null) return undefined;
  return `“${typed}” is no day. Write it as 2026-11-20.`;
}

/** Whether a day was typed that cannot be read: nothing fits it. */
export function hasBadDay({ from, until }: { readonly from: string; readonly until: string }): boolean {
  return [from, until].some((day) => dayFault(day) !== undefined);
}

/** A day to filter by: what was typed stays, with what is wrong with it. */
export function DayField(props: {
  name: string;
  label: string;
  value: string;
  error?: string | undefined;
}): JSX.Element {
  const { name, label, value, error } = props;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <FieldNotes id={name} error={error} />
      <input
        class="input"
        type="date"
        id={name}
        name={name}
        value={value}
        maxlength={64}
        autocomplete="off"
        aria-describedby={noteIds(name, undefined, error)}
        aria-invalid={error === undefined ? undefined : 'true'}
      />
    </div>
  );
}
