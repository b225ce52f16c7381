import { describe, expect, it } from 'vitest';
import { speechLanguage } from '../../../src/channels/provider/speech.ts';

const KNOWN = [
  'ar-AE',
  'arb',
  'cmn-CN',
  'cmn-TW',
  'de-AT',
  'de-DE',
  'en-AU',
  'en-US',
  'es-ES',
  'nb-NO',
  'pt-BR',
  'pt-PT',
  'zh-HK',
];

describe('the voice for a locale', () => {
  it.each([
    ['en', 'en-US'],
    ['en-AU', 'en-AU'],
    ['en-NZ', 'en-AU'],
    ['de-Latn-AT', 'de-AT'],
    ['de', 'de-DE'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-PT'],
    ['es-MX', 'es-ES'],
    ['no', 'nb-NO'],
    ['ar', 'arb'],
    ['ar-AE', 'ar-AE'],
    ['zh', 'cmn-CN'],
    ['zh-Hant', 'cmn-TW'],
    ['zh-HK', 'zh-HK'],
    ['ka', null],
    ['', null],
    ['not a locale', null],
  ])('%s is %s', (locale, tag) => {
    expect(speechLanguage(locale, KNOWN)).toBe(tag);
  });
});
