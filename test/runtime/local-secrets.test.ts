import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secret } from '../../src/core/redacted.ts';
import { keepTestKey, localSecrets, localSecretsPath } from '../../src/runtime/local-secrets.ts';

let folder: string;
let database: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchword-secrets-'));
  database = join(folder, 'new', 'w.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the development secret', () => {
  it('is made once, beside the database, for its owner only', () => {
    const made = localSecrets(database);
    expect(made.secret.reveal().length).toBeGreaterThanOrEqual(32);
    expect(localSecrets(database).secret.reveal()).toBe(made.secret.reveal());
    expect(statSync(localSecretsPath(database)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'new'))).toEqual(['w.db.secrets.json']);
  });

  it('stays when the test key changes', () => {
    const before = localSecrets(database).secret.reveal();
    keepTestKey(database, secret('ww_test_1'));
    keepTestKey(database, secret('ww_test_2'));
    const after = localSecrets(database);
    expect(after.secret.reveal()).toBe(before);
    expect(after.testKey?.reveal()).toBe('ww_test_2');
  });

  it.each(['{"secret": "hunter2', '{"secret": 5}', ''])('is never replaced when its file is broken: %s', (text) => {
    localSecrets(database);
    writeFileSync(localSecretsPath(database), text);
    expect(() => localSecrets(database)).toThrow(/is broken/);
    expect(() => localSecrets(database)).not.toThrow(/hunter2/);
  });

  it('differs each time for a database in memory, and leaves no file', () => {
    expect(localSecrets(':memory:').secret.reveal()).not.toBe(localSecrets(':memory:').secret.reveal());
  });
});
