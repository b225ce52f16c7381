/** Short, plain words that are hard to mistake for each other when spoken. */
const WORDS: readonly string[] = (
  'amber anchor apple arrow autumn basket beacon bridge bronze butter candle canyon castle cedar cherry cinder clover copper coral ' +
  'cotton desert ember falcon feather forest garden garnet ginger glacier harbour hazel honey island ivory jasmine kettle ' +
  'lantern lemon linen magnet maple marble meadow mirror nutmeg olive orchid paper pebble pepper pillow planet prairie ' +
  'quartz ribbon river saddle silver timber tulip velvet violet walnut willow winter'
).split(' ');

/** Two different words that an agent and a caller both see. `randomInt` draws below its argument. */
export function agentWords(randomInt: (below: number) => number): string {
  const first = randomInt(WORDS.length);
  const second = (first + 1 + randomInt(WORDS.length - 1)) % WORDS.length;
  return `${WORDS[first] ?? ''} ${WORDS[second] ?? ''}`;
}
