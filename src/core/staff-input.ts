import { ok, refuse, type FieldError, type Result } from './errors.ts';
import { INVISIBLE } from './plain-text.ts';

const LONGEST_NAME = 80;

/** A person's name on one line. */
export function tidyName(text: string): Result<string> {
  const name = text.trim().replace(/\s+/g, ' ');
  if (name === '') return wrong('missing', 'Enter a name.');
  if ([...name].length > LONGEST_NAME) return wrong('too_long', `A name has at most ${LONGEST_NAME} characters.`);
  if (INVISIBLE.test(name)) return wrong('control_character', 'The name has a control or invisible character.');
  return ok(name);
}

function wrong(code: string, detail: string): Result<string> {
  const error: FieldError = { pointer: '/name', code, detail };
  return refuse({ code: 'invalid_request', detail, errors: [error] });
}
