/**
 * Solves the challenge of `form[data-proof]`: looks for a number whose SHA-256 (FIPS 180-4) over `proof:number` begins with `data-bits`
 * zero bits, in short turns so that the page stays alive, and sends the form with it. The text always fits one block.
 */
const TURN_MS = 25;
const PER_LOOK = 500;

/** The first 32 bits of the fractional part. */
function fraction(value: number): number {
  return ((value - Math.floor(value)) * 2 ** 32) | 0;
}

const primes: number[] = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
const ROUNDS = primes.map((prime) => fraction(Math.cbrt(prime)));
const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const words = new Int32Array(64);

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function at(list: Int32Array | readonly number[], index: number): number {
  return list[index] ?? 0;
}

/** The text as one padded block, and the words that follow from it. */
function spread(text: string): void {
  words.fill(0);
  for (let i = 0; i < text.length; i++) words[i >> 2] = at(words, i >> 2) | (text.charCodeAt(i) << (24 - (i % 4) * 8));
  words[text.length >> 2] = at(words, text.length >> 2) | (0x80 << (24 - (text.length % 4) * 8));
  words[15] = text.length * 8;
  for (let i = 16; i < 64; i++) {
    const before = at(words, i - 15);
    const last = at(words, i - 2);
    const low = turned(before, 7) ^ turned(before, 18) ^ (before >>> 3);
    const high = turned(last, 17) ^ turned(last, 19) ^ (last >>> 10);
    words[i] = (at(words, i - 16) + low + at(words, i - 7) + high) | 0;
  }
}

/** The first word of the digest of an ASCII text of at most 55 characters. */
function firstWord(text: string): number {
  spread(text);
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = START;
  for (let i = 0; i < 64; i++) {
    const chosen = (e & f) ^ (~e & g);
    const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + at(ROUNDS, i) + at(words, i)) | 0;
    const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return (at(START, 0) + a) | 0;
}

function solve(salt: string, bits: number, found: (nonce: string) => void): void {
  let nonce = 0;
  const turn = (): void => {
    const end = performance.now() + TURN_MS;
    while (performance.now() < end)
      for (let i = 0; i < PER_LOOK; i++, nonce++)
        if (Math.clz32(firstWord(`${salt}:${nonce}`)) >= bits) return found(String(nonce));
    setTimeout(turn);
  };
  turn();
}

const form = document.querySelector<HTMLFormElement>('form[data-proof]');
const field = form?.querySelector<HTMLInputElement>('input[name=nonce]');
if (form && field) {
  for (const button of form.querySelectorAll('button')) button.disabled = true;
  for (const bar of form.querySelectorAll('progress')) bar.hidden = false;
  for (const idle of form.querySelectorAll<HTMLElement>('[data-idle]')) idle.hidden = true;
  solve(form.dataset['proof'] ?? '', Number(form.dataset['bits']), (nonce) => {
    field.value = nonce;
    form.submit();
  });
}
