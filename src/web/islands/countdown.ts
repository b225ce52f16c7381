/**
 * Counts `[data-seconds]` down: the clock in its `role=timer`, the bar in its `progress`. At 0 the page is read anew, since only the
 * server knows what is true then. A button with `data-wait` is held back for so many seconds; `data-wait-label` is what it says
 * meanwhile, `{time}` in it the rest.
 */
const MS = 1000;
const ANNOUNCED = [60, 10];

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function every(seconds: number, tick: (left: number) => void): void {
  const end = Date.now() + seconds * MS;
  const run = (): void => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / MS));
    tick(left);
    if (left > 0) setTimeout(run, end - Date.now() - (left - 1) * MS);
  };
  run();
}

for (const count of document.querySelectorAll<HTMLElement>('[data-seconds]')) {
  const timer = count.querySelector('[role=timer] bdi') ?? count.querySelector('[role=timer]');
  const bar = count.querySelector('progress');
  const voice = document.querySelector<HTMLElement>('[data-announce]');
  every(Number(count.dataset['seconds']), (left) => {
    if (timer) timer.textContent = clock(left);
    if (bar) bar.value = left;
    count.classList.toggle('is-low', left <= 60);
    if (voice && ANNOUNCED.includes(left))
      voice.textContent = `${voice.dataset['announce'] ?? ''} ${clock(left)}`.trim();
    if (left === 0) location.reload();
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-wait]')) {
  const label = button.textContent;
  const waiting = button.dataset['waitLabel'] ?? label;
  button.disabled = true;
  every(Number(button.dataset['wait']), (left) => {
    button.textContent = left === 0 ? label : waiting.replace('{time}', clock(left));
    button.disabled = left > 0;
  });
}
