// Copies the files that the compiler leaves behind beside what it made: stylesheets, the mark, Redis scripts.
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

for (const folder of ['web/assets/', 'stores/redis/lua/']) {
  const from = fileURLToPath(new URL(`../src/${folder}`, import.meta.url));
  const to = fileURLToPath(new URL(`../dist/${folder}`, import.meta.url));
  cpSync(from, to, { recursive: true });
}
