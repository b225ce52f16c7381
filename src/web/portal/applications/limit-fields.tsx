import type { JSX } from 'hono/jsx/jsx-runtime';
import { LIMITS, type LimitName } from '../../../core/limits.ts';
import { LIMIT_TITLES } from '../limit-titles.ts';
import { TextControl } from './controls.tsx';
import type { Errors, Typed } from './typed.ts';

interface FieldsProps {
  readonly name: LimitName;
  readonly typed: Typed;
  readonly errors: Errors;
  readonly fixed: boolean;
  /** What came of it lately, in a sentence; '' = nothing to say. */
  readonly lately: string;
}

/** One limit: what it counts, how much of it is allowed, in which time. */
export function LimitFields({ name, lately, ...common }: FieldsProps): JSX.Element {
  const { doc, max, windowSeconds } = LIMITS[name];
  const usual = max === null ? 'Off by default.' : `Default ${max}.`;
  const money = name === 'money_day';
  return (
    <fieldset class="field">
      <legend>
        {LIMIT_TITLES[name]} <small class="mono quiet">{name}</small>
      </legend>
      <p class="hint">
        {doc.replaceAll('`', '')} {lately === '' ? null : <strong>{lately}</strong>}
      </p>
      <div class="fields-2">
        <TextControl {...common} id={name} label="At most" hint={usual} short />
        {windowSeconds === null || money ? null : (
          <TextControl
            {...common}
            id={`${name}-window`}
            label="In seconds"
            hint={`Default ${windowSeconds.toLocaleString('en-GB')}.`}
            short
          />
        )}
        {money ? (
          <TextControl {...common} id={`${name}-currency`} label="Currency" hint="Such as EUR. USD when empty." short />
        ) : null}
      </div>
    </fieldset>
  );
}
