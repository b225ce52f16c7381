import { describe, expect, it } from 'vitest';
import { loadPeer } from '../../src/core/optional-peer.ts';

const missing = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' }));

describe('an optional package', () => {
  it.each([
    ['pg@8', 'The package pg is missing. Run "npm install pg@8".'],
    ['smpp', 'The package smpp is missing. Run "npm install smpp".'],
    [
      '@simplewebauthn/server@14',
      'The package @simplewebauthn/server is missing. Run "npm install @simplewebauthn/server@14".',
    ],
  ])('that is missing is named with the command that installs it: %s', async (name, message) => {
    await expect(loadPeer(missing, name)).rejects.toMatchObject({ code: 'unavailable', message });
  });

  it('that is there is given, and its own faults are its own', async () => {
    const fault = new TypeError('broken');
    expect(await loadPeer(async () => 7, 'pg@8')).toBe(7);
    await expect(loadPeer(() => Promise.reject(fault), 'pg@8')).rejects.toBe(fault);
  });
});
