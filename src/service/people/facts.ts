import { parseDestination, type DestinationInput } from '../../core/address.ts';
import { ok, refuse, type FieldError, type Result } from '../../core/errors.ts';
import { callingCodeOf } from '../../core/phone.ts';
import { INVISIBLE } from '../../core/plain-text.ts';
import type { Client, PersonFacts } from './client.ts';
import type { ClientInput, RepresentativeInput } from './api.ts';

const LONGEST = 120;

export type ClientFacts = Pick<Client, 'company' | 'country' | 'reference'>;

/** The facts of a client after `input`; `before` is what stays where it says nothing. */
export function clientFacts(input: Partial<ClientInput>, before: ClientFacts | null): Result<ClientFacts> {
  const errors: FieldError[] = [];
  const take = taker(errors);
  const facts = {
    company: take.text('company', input.company ?? before?.company ?? '', 'Enter the company’s name.') ?? '',
    country: take.country(input.country === undefined ? (before?.country ?? null) : input.country),
    reference: take.text('reference', input.reference === undefined ? (before?.reference ?? null) : input.reference),
  };
  return errors.length === 0 ? ok(facts) : invalid(errors);
}

/** The facts of a representative after `input`; addresses as they are delivered to. */
export function personFacts(
  input: Partial<RepresentativeInput>,
  before: PersonFacts | null,
  defaultCountry: string | null,
): Result<PersonFacts> {
  const errors: FieldError[] = [];
  const take = taker(errors);
  const country = take.country(input.country === undefined ? (before?.country ?? null) : input.country);
  const facts = {
    firstName: take.text('first_name', input.first_name ?? before?.firstName ?? '', 'Enter the first name.') ?? '',
    lastName: take.text('last_name', input.last_name ?? before?.lastName ?? '', 'Enter the last name.') ?? '',
    role: take.text('role', input.role === undefined ? (before?.role ?? null) : input.role),
    country,
    mobile: input.mobile === undefined ? (before?.mobile ?? null) : take.phone(input.mobile, country ?? defaultCountry),
    email: input.email === undefined ? (before?.email ?? null) : take.email(input.email),
  };
  if (errors.length === 0 && facts.mobile === null && facts.email === null) {
    errors.push({ pointer: '/mobile', code: 'missing', detail: 'Enter a mobile number or an e-mail address.' });
  }
  return errors.length === 0 ? ok(facts) : invalid(errors);
}

function invalid<T>(errors: readonly FieldError[]): Result<T> {
  return refuse({ code: 'invalid_request', detail: errors[0]?.detail ?? '', errors });
}

/** Reads fields; what is wrong with them goes into `errors`. */
function taker(errors: FieldError[]) {
  const wrong = (name: string, code: string, detail: string): null => {
    errors.push({ pointer: `/${name}`, code, detail });
    return null;
  };
  const destination = (name: string, to: DestinationInput, defaultCountry: string | null): string | null => {
    const parsed = parseDestination(to, { defaultCountry });
    if (parsed.ok) return parsed.destination.value;
    const { errors: found, detail } = parsed.problem;
    return wrong(name, found?.[0]?.code ?? 'invalid', found?.[0]?.detail ?? detail);
  };
  return {
    text(name: string, value: string | null, missing?: string): string | null {
      const text = (value ?? '').trim().replace(/\s+/g, ' ');
      if (text === '') return missing === undefined ? null : wrong(name, 'missing', missing);
      if ([...text].length > LONGEST) return wrong(name, 'too_long', `Use at most ${LONGEST} characters.`);
      return INVISIBLE.test(text)
        ? wrong(name, 'control_character', 'There is a control or invisible character.')
        : text;
    },
    country(value: string | null): string | null {
      if (value === null || value.trim() === '') return null;
      const code = value.trim().toUpperCase();
      if (/^[A-Z]{2}$/.test(code) && callingCodeOf(code) !== null) return code;
      return wrong('country', 'unknown_country', 'Give the country as two letters (ISO 3166-1), such as US or DE.');
    },
    phone(value: string | null, country: string | null): string | null {
      const text = (value ?? '').trim();
      if (text === '') return null;
      if (text.includes('@')) return wrong('mobile', 'not_a_number', 'This is not a phone number.');
      return destination('mobile', text, country);
    },
    email(value: string | null): string | null {
      const text = (value ?? '').trim();
      return text === '' ? null : destination('email', { email: text }, null);
    },
  };
}
