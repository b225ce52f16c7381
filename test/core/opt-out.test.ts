import { describe, expect, it } from 'vitest';
import { optOutWish, START_WORDS, STOP_WORDS } from '../../src/core/opt-out.ts';

describe('what a person asks for by a message', () => {
  const stops = Object.entries(STOP_WORDS).flatMap(([language, words]) =>
    words.map((word) => [language, word] as const),
  );
  const starts = Object.entries(START_WORDS).flatMap(([language, words]) =>
    words.map((word) => [language, word] as const),
  );

  it('is silence for every word of every language, however it is written', () => {
    for (const [, word] of stops) {
      for (const text of [word, word.toLowerCase(), ` ${word}. `, `"${word}"!`, word.normalize('NFD')])
        expect([text, optOutWish(text)]).toEqual([text, 'stop']);
    }
  });

  it('is messages again for every word for it', () => {
    for (const [, word] of starts) {
      for (const text of [word, word.toLowerCase(), `${word}!`])
        expect([text, optOutWish(text)]).toEqual([text, 'start']);
    }
  });

  it.each(['stop texting me', 'Unsubscribe me please', 'СТОП пожалуйста', 'Baja por favor'])(
    'is silence in a short sentence: %s',
    (text) => expect(optOutWish(text)).toBe('stop'),
  );

  it.each([
    '',
    '123456',
    'My code is 123456, why did it stop?',
    'Do not stop',
    'end of the week is fine',
    'start sending me things',
    'yes',
    'stopover in Rome',
    'STOP is the name of the shop that I am writing to you about today',
    'S'.repeat(100_000),
  ])('is nothing for %j', (text) => expect(optOutWish(text)).toBe(null));
});
