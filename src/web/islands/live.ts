/**
 * Keeps `[data-live]` up to date: its stream says that the page is out of date, then the page is read again and each
 * `[data-live-part]` is put in place of its own. Where `data-live-state` differs the whole page is read anew. A hidden tab listens
 * to nothing. `[data-live-mark]` says whether it listens.
 */
const root = document.querySelector<HTMLElement>('[data-live]');
const mark = document.querySelector<HTMLElement>('[data-live-mark]');
const refresh = mark === null ? [] : [...mark.childNodes];
const voice = document.createElement('p');
let source: EventSource | null = null;
let reading: Promise<void> = Promise.resolve();

function say(word: 'Live' | 'Reconnecting'): void {
  if (mark === null) return;
  mark.classList.toggle('live', word === 'Live');
  mark.replaceChildren(word);
}

/** Parts in use are left alone until they are not. */
function replaceParts(page: Document): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-live-part]')) {
    const newer = page.getElementById(part.id);
    if (newer !== null && !part.contains(document.activeElement)) part.replaceWith(document.importNode(newer, true));
  }
}

async function readAgain(own: HTMLElement): Promise<void> {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const newer = page.querySelector<HTMLElement>('[data-live]');
  if (newer === null || newer.dataset['liveState'] !== own.dataset['liveState']) return location.reload();
  replaceParts(page);
  const sentence = newer.dataset['liveSay'] ?? '';
  if (sentence !== own.dataset['liveSay']) voice.textContent = sentence;
  for (const name of ['liveSeen', 'liveSay'])
    if (newer.dataset[name] !== undefined) own.dataset[name] = newer.dataset[name];
}

function listen(own: HTMLElement): void {
  const url = `${own.dataset['live'] ?? ''}?seen=${encodeURIComponent(own.dataset['liveSeen'] ?? '')}`;
  const opened = new EventSource(url);
  source = opened;
  opened.addEventListener('open', () => say('Live'));
  opened.addEventListener('changed', () => {
    reading = reading.then(() => readAgain(own)).catch(() => undefined);
  });
  opened.addEventListener('over', () => location.reload());
  opened.addEventListener('error', () => {
    say('Reconnecting');
    // Refused for good: the link to read the page again is of more use.
    if (opened.readyState === EventSource.CLOSED) mark?.replaceChildren(...refresh);
  });
}

function follow(own: HTMLElement): void {
  if (document.hidden) {
    source?.close();
    source = null;
  } else if (source === null) listen(own);
}

if (root !== null) {
  voice.className = 'visually-hidden';
  voice.setAttribute('role', 'status');
  root.after(voice);
  document.addEventListener('visibilitychange', () => follow(root));
  addEventListener('pagehide', () => source?.close());
  follow(root);
}
