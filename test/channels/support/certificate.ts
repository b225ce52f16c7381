import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../../support/self-signed.ts';

export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
  readonly certPath: string;
  readonly keyPath: string;
  remove(): void;
}

/** A fresh self-signed certificate for localhost and 127.0.0.1, as text and as files. */
export function makeCertificate(): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'watchword-cert-'));
  const certPath = join(folder, 'cert.pem');
  const keyPath = join(folder, 'key.pem');
  const { key, cert } = selfSigned();
  writeFileSync(certPath, cert);
  writeFileSync(keyPath, key, { mode: 0o600 });
  return { key, cert, certPath, keyPath, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
