import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT } from './snippets.ts';

const MOST_PACKAGES = 110;
const MOST_DIRECT = 20;

interface Locked {
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const read = (name: string): unknown => JSON.parse(readFileSync(`${ROOT}${name}`, 'utf8'));
const manifest = read('package.json') as Manifest;
const { packages } = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);

describe('what installing the package brings', () => {
  it(`is at most ${MOST_PACKAGES} packages, of which at most ${MOST_DIRECT} are named by it`, () => {
    expect(installed.length).toBeGreaterThan(5);
    expect(installed.length).toBeLessThanOrEqual(MOST_PACKAGES);
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    const direct = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    expect(Object.keys(direct).length).toBeLessThanOrEqual(MOST_DIRECT);
  });

  it('leaves the clients of database servers, and what checks passkeys, to those who use them', () => {
    const peers = Object.keys(manifest.peerDependencies);
    expect(peers.toSorted()).toEqual(['@simplewebauthn/server', 'bullmq', 'ioredis', 'mysql2', 'pg', 'smpp']);
    expect(peers.filter((name) => manifest.peerDependenciesMeta[name]?.optional !== true)).toEqual([]);
    expect(peers.filter((name) => installed.some(([path]) => path === `node_modules/${name}`))).toEqual([]);
  });

  it('has an install script only where the package also works without: SQLite has its builds in the package', () => {
    const scripts = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path);
    expect(scripts).toEqual(['node_modules/@photostructure/sqlite']);
  });
});
