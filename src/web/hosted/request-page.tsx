import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ChannelName } from '../../core/verification.ts';
import { countryChoices, likelyCountry } from './countries.ts';
import { describedBy, Field } from './field.tsx';
import { channelWord } from './channel-words.ts';
import { HostedPage } from './page.tsx';
import { Steps } from './steps.tsx';
import type { Visit } from './visit.ts';

/** What was typed, and what is wrong with it. */
export interface RequestForm {
  readonly channel: ChannelName | null;
  readonly country: string | null;
  readonly phone: string;
  readonly email: string;
  readonly error: string | null;
}

export const EMPTY_FORM: RequestForm = { channel: null, country: null, phone: '', email: '', error: null };

interface RequestProps {
  readonly visit: Visit;
  readonly channels: readonly ChannelName[];
  readonly form: RequestForm;
}

/** Where the code goes. Without scripts the choice shows the field that belongs to it, and the server takes what was filled. */
export function RequestPage({ visit, channels, form }: RequestProps): JSX.Element {
  const { words } = visit.language;
  const chosen = form.channel ?? channels[0] ?? 'email';
  const byPhone = channels.some((channel) => channel !== 'email');
  return (
    <HostedPage visit={visit} title={words.title} failed={form.error !== null}>
      <div class="stack">
        <h1>{words.title}</h1>
        <p class="quiet">{words.intro}</p>
      </div>
      <form class="stack-wide" method="post" novalidate>
        {channels.length > 1 ? <Channels visit={visit} channels={channels} chosen={chosen} /> : null}
        {byPhone ? <PhoneField visit={visit} form={form} failed={chosen !== 'email' ? form.error : null} /> : null}
        {channels.includes('email') ? (
          <EmailField visit={visit} form={form} failed={chosen === 'email' ? form.error : null} />
        ) : null}
        <p class="small quiet">{words.consent}</p>
        <button class="btn btn-main btn-wide">{words.send}</button>
      </form>
      <details>
        <summary>{words.works}</summary>
        <Steps visit={visit} />
      </details>
    </HostedPage>
  );
}

function Channels({
  visit,
  channels,
  chosen,
}: Pick<RequestProps, 'visit' | 'channels'> & { chosen: ChannelName }): JSX.Element {
  const { words } = visit.language;
  return (
    <fieldset class="field">
      <legend>{words.how}</legend>
      <div class="choices">
        {channels.map((channel) => (
          <label class="choice">
            <input type="radio" name="channel" value={channel} checked={channel === chosen} />
            <span>{channelWord(words, channel)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface FieldProps {
  readonly visit: Visit;
  readonly form: RequestForm;
  readonly failed: string | null;
}

function PhoneField({ visit, form, failed }: FieldProps): JSX.Element {
  const { application, language, request } = visit;
  const { words } = language;
  const choices = countryChoices(language.locale, application.countries);
  const accept = request.headers.get('accept-language');
  const country = form.country ?? likelyCountry(choices, application.default_country, accept);
  return (
    <Field id="phone" label={words.number} error={failed} class="by-phone">
      <div class="join">
        <select class="input" name="country" aria-label={words.country} autocomplete="country">
          {choices.map((choice) => (
            <option value={choice.country} selected={choice.country === country}>
              {choice.text}
            </option>
          ))}
        </select>
        <input
          class="input"
          id="phone"
          name="phone"
          type="tel"
          dir="ltr"
          autocomplete="tel"
          value={form.phone}
          {...describedBy('phone', failed)}
        />
      </div>
    </Field>
  );
}

function EmailField({ visit, form, failed }: FieldProps): JSX.Element {
  return (
    <Field id="email" label={visit.language.words.address} error={failed} class="by-email">
      <input
        class="input"
        id="email"
        name="email"
        type="email"
        dir="ltr"
        autocomplete="email"
        placeholder="you@example.com"
        value={form.email}
        {...describedBy('email', failed)}
      />
    </Field>
  );
}
