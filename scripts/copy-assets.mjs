// Copies the files that the compiler leaves behind (stylesheets, the mark) beside the compiled pages.
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const from = fileURLToPath(new URL('../src/web/assets/', import.meta.url));
const to = fileURLToPath(new URL('../dist/web/assets/', import.meta.url));
cpSync(from, to, { recursive: true });
