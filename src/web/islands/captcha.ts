/**
 * Sends `form[data-captcha]` once the widget in it is solved; after an answer that did not count (`again`) the reader does, for some
 * widgets solve themselves. Its own way on (`[data-idle]` and the button) is for whom the widget does
 * not come: then, or when it takes long, it is shown.
 */
const PATIENCE_MS = 20_000;

const form = document.querySelector<HTMLFormElement>('form[data-captcha]');
if (form) {
  const show = (what: string, isShown: boolean): void => {
    for (const part of form.querySelectorAll<HTMLElement>(what)) part.hidden = !isShown;
  };
  const captchaSolved = (): void => (form.dataset['captcha'] === 'again' ? show('button', true) : form.submit());
  const captchaFailed = (): void => show('button, [data-idle]', true);
  show('button, [data-idle]', false);
  form.querySelector('[data-no-scripts]')?.remove();
  // By these names the widget calls back.
  Object.assign(window, { captchaSolved, captchaFailed });
  form.querySelector('script[data-widget]')?.addEventListener('error', captchaFailed);
  setTimeout(captchaFailed, PATIENCE_MS);
}
