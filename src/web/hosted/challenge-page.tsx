import type { JSX } from 'hono/jsx/jsx-runtime';
import { CAPTCHA_ACTION, type CaptchaWidget } from '../../core/captcha.ts';
import type { HostedChallenge } from '../../service/api.ts';
import { CAPTCHA, PROOF } from '../assets.ts';
import { clockTime, fill } from './locale.ts';
import { HostedPage } from './page.tsx';
import type { RequestForm } from './request-page.tsx';
import type { Visit } from './visit.ts';

interface ChallengeProps {
  readonly visit: Visit;
  readonly form: RequestForm;
  readonly challenge: HostedChallenge;
  /** Allows the script of a provider's widget; null where there is none. */
  readonly nonce: string | null;
  /** It follows a widget's answer that did not count: nothing goes on by itself now, or the page would come back without end. */
  readonly again: boolean;
}

/** What was typed once more, with something to show; without scripts, when to press the button. */
export function ChallengePage({ visit, form, challenge, nonce, again }: ChallengeProps): JSX.Element {
  const { words, locale } = visit.language;
  const { token, asks, waitsUntil } = challenge;
  const { channel, country, phone, email } = form;
  const sent = { channel: channel ?? '', country: country ?? '', phone, email, challenge: token, nonce: '' };
  const time = clockTime(locale, visit.application.time_zone, waitsUntil, 'seconds');
  const isWork = asks.type === 'work';
  const task = isWork
    ? { 'data-proof': asks.salt, 'data-bits': asks.bits }
    : { 'data-captcha': again ? 'again' : 'first' };
  return (
    <HostedPage visit={visit} title={words.moment} scripts={[isWork ? PROOF : CAPTCHA]}>
      <div class="stack" role="status">
        <h1>{words.moment}</h1>
        <p class="quiet">{words.momentText}</p>
      </div>
      <form class="stack-wide" method="post" {...task}>
        {Object.entries(sent).map(([name, value]) => (
          <input type="hidden" name={name} value={value} autocomplete="off" />
        ))}
        <p data-idle>
          <span data-no-scripts>{words.noScripts}</span> {fill(words.goOnAfter, { time })}
        </p>
        {isWork ? (
          <progress aria-label={words.moment} hidden></progress>
        ) : (
          <Widget widget={asks.widget} mark={asks.salt} nonce={nonce ?? ''} />
        )}
        <button class="btn btn-main btn-wide">{words.goOn}</button>
      </form>
    </HostedPage>
  );
}

/** The provider's own element and script: the one thing on these pages that comes from elsewhere. */
function Widget(props: { readonly widget: CaptchaWidget; readonly mark: string; readonly nonce: string }): JSX.Element {
  const { widget, mark, nonce } = props;
  return (
    <>
      <div
        class={widget.className}
        data-sitekey={widget.siteKey}
        data-action={CAPTCHA_ACTION}
        data-cdata={mark}
        data-callback="captchaSolved"
        data-error-callback="captchaFailed"
      ></div>
      <script src={widget.script} nonce={nonce} defer data-widget></script>
    </>
  );
}
