// Prints the optional packages (PostgreSQL, MySQL, Redis, SMPP, passkeys) as the lock file has them: npm install --no-save --save-prod --omit=dev $(node scripts/client-packages.mjs)
import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const { packages } = read('package-lock.json');
const names = Object.keys(read('package.json').peerDependencies);
console.log(names.map((name) => `${name}@${packages[`node_modules/${name}`].version}`).join(' '));
