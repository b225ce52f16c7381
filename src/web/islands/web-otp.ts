/**
 * Fills `[data-web-otp]` with the code of an SMS that is bound to this site, once the person agrees (WebOTP), and sends its form. A form
 * that is sent by hand, or a page that is left, ends the waiting; what was typed is never replaced.
 */
interface OtpRequest extends CredentialRequestOptions {
  readonly otp: { readonly transport: readonly ['sms'] };
}

function waitForCode(field: HTMLInputElement, form: HTMLFormElement): void {
  const waiting = new AbortController();
  const stop = (): void => waiting.abort();
  form.addEventListener('submit', stop);
  addEventListener('pagehide', stop);
  const asked: OtpRequest = { otp: { transport: ['sms'] }, signal: waiting.signal };
  navigator.credentials.get(asked).then(
    (given) => {
      const code = given !== null && 'code' in given ? given.code : null;
      if (typeof code !== 'string' || field.value !== '' || waiting.signal.aborted) return;
      field.value = code;
      form.requestSubmit();
    },
    // Refused, or there is no such message: the person types the code.
    () => undefined,
  );
}

const field = document.querySelector<HTMLInputElement>('input[data-web-otp]');
if (field?.form && 'OTPCredential' in window && 'credentials' in navigator) waitForCode(field, field.form);
