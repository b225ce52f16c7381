import type { JSX } from 'hono/jsx/jsx-runtime';
import { FieldNotes, noteIds } from '../../components/field.tsx';
import { countryChoices, likelyCountry } from '../../hosted/countries.ts';
import type { Visit } from '../visit.ts';
import type { Typed } from './typed.ts';

/** What the destination may be. */
export type Reach = 'phone' | 'email' | 'either';

interface DestinationProps {
  readonly visit: Visit;
  readonly reach: Reach;
  readonly typed: Pick<Typed, 'to' | 'country'>;
  readonly error: string | undefined;
}

const LABELS: Readonly<Record<Reach, string>> = {
  phone: 'Mobile number',
  email: 'E-mail address',
  either: 'Mobile number or e-mail address',
};

/** A number with its country, or an e-mail address. */
export function DestinationField({ visit, reach, typed, error }: DestinationProps): JSX.Element {
  const hint =
    reach === 'email' ? undefined : 'As the caller says it. Spaces are fine; start with + for another country.';
  const input = (
    <input
      class="input"
      id="to"
      name="to"
      type={reach === 'email' ? 'email' : 'text'}
      inputmode={reach === 'phone' ? 'tel' : reach === 'email' ? 'email' : undefined}
      value={typed.to}
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      maxlength={254}
      dir="ltr"
      required
      autofocus
      aria-describedby={noteIds('to', hint, error)}
      aria-invalid={error === undefined ? undefined : 'true'}
    />
  );
  return (
    <div class="field">
      <label for="to">{LABELS[reach]}</label>
      <FieldNotes id="to" hint={hint} error={error} />
      {reach === 'email' ? (
        input
      ) : (
        <div class="join">
          <CountrySelect visit={visit} chosen={typed.country} />
          {input}
        </div>
      )}
    </div>
  );
}

function CountrySelect({ visit, chosen }: { visit: Visit; chosen: string }): JSX.Element {
  return (
    <select class="input" name="country" aria-label="Country">
      {countryChoices('en', visit.application.countries).map(({ country, text }) => (
        <option value={country} selected={country === chosen}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** The country a form begins with. */
export function firstCountry({ application, request }: Visit): string {
  const choices = countryChoices('en', application.countries);
  return likelyCountry(choices, application.default_country, request.headers.get('accept-language')) ?? '';
}
