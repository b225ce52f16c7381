/**
 * Shows each `button[data-copy]` (the id of a field) and copies the field's text when it is pressed. The button says how that went, and
 * a status beside it says so to screen readers. Where the browser lets no page copy, the text is left selected for the reader to copy.
 */
const SAID_MS = 4000;

async function copied(field: HTMLInputElement, button: HTMLButtonElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Refused, or the page came without TLS and has no clipboard. The older way copies what is selected where the focus is.
    field.focus();
    field.select();
    const isCopied = document.execCommand('copy');
    if (isCopied) button.focus();
    return isCopied;
  }
}

function offer(button: HTMLButtonElement, field: HTMLInputElement): void {
  const label = [...button.childNodes];
  const voice = document.createElement('span');
  let timer = 0;
  const say = (said: string): void => {
    voice.textContent = said;
    button.replaceChildren(...(said === '' ? label : [said]));
  };
  voice.className = 'visually-hidden';
  voice.setAttribute('role', 'status');
  button.after(voice);
  button.hidden = false;
  button.addEventListener('click', () => {
    clearTimeout(timer);
    void copied(field, button).then((isCopied) => {
      say(isCopied ? 'Copied' : 'Selected, not copied');
      timer = setTimeout(say, SAID_MS, '');
    });
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  const field = document.getElementById(button.dataset['copy'] ?? '');
  if (field instanceof HTMLInputElement) offer(button, field);
}
