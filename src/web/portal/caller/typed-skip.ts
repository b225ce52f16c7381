import { type Confirmation, CONFIRMATIONS, OVERRIDE_CAUSES, type OverrideCause } from '../../../core/overrides.ts';
import type { FormFields } from '../../form.ts';
import { type Typed, typedIn } from './typed.ts';

/** What stands in the form of a skip. */
export interface TypedSkip extends Omit<Typed, 'channel' | 'confirmed'> {
  readonly cause: OverrideCause | null;
  readonly confirmation: Confirmation | null;
}

export function typedSkip(fields: FormFields): TypedSkip {
  const causes = Object.keys(OVERRIDE_CAUSES) as readonly OverrideCause[];
  const confirmations = Object.keys(CONFIRMATIONS) as readonly Confirmation[];
  return {
    ...typedIn(fields),
    cause: causes.find((name) => name === fields.text('cause')) ?? null,
    confirmation: confirmations.find((name) => name === fields.text('confirmation')) ?? null,
  };
}
