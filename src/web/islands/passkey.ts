/**
 * Asks the browser for what `form[data-passkey]` says, `create` or `get` a passkey, by the WebAuthn options in `data-options`, and sends
 * the answer with the form. `[data-passkey-said]` tells how it goes; the button asks again.
 */
const SAYINGS = {
  old: 'This browser knows no passkeys, or is too old for them.',
  asking: 'Your browser asks you now. Unlock the passkey there.',
  there: 'This device has a passkey for your account already.',
  not: 'That did not work, or it was canceled. You can try again.',
} as const;

const form = document.querySelector<HTMLFormElement>('form[data-passkey]');

function say(word: keyof typeof SAYINGS): void {
  const place = document.querySelector('[data-passkey-said]');
  if (place !== null) place.textContent = SAYINGS[word];
}

function knowsPasskeys(): boolean {
  return 'PublicKeyCredential' in window && 'parseCreationOptionsFromJSON' in PublicKeyCredential;
}

function asked(own: HTMLFormElement): Promise<Credential | null> {
  const options = JSON.parse(own.dataset['options'] ?? '{}') as never;
  return own.dataset['passkey'] === 'create'
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

async function ask(own: HTMLFormElement): Promise<void> {
  say('asking');
  const answer = own.elements.namedItem('answer');
  try {
    const credential = await asked(own);
    if (!(credential instanceof PublicKeyCredential) || !(answer instanceof HTMLInputElement)) return say('not');
    answer.value = JSON.stringify(credential.toJSON());
    own.submit();
  } catch (error) {
    say(error instanceof DOMException && error.name === 'InvalidStateError' ? 'there' : 'not');
  }
}

if (form !== null && knowsPasskeys()) {
  const button = form.querySelector('button');
  if (button !== null) button.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void ask(form);
  });
  void ask(form);
} else say('old');
