// Joins our own modules into few files, over those the compiler made of the entries: opened one by one they cost a third of a start.
// Packages stay as npm installed them. What is loaded at first use (commands, stores, channels, pages) stays apart. Names stay whole (where
// two meet one gets a number), so that a stack trace reads as in the sources; each part names its own.
import { readdirSync, rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = pathToFileURL(join(root, 'src/')).href;
const CHUNKS = 'chunks';
/** What `bin` and `exports` of package.json name. The client stays as the compiler made it: it has few files and runs anywhere. */
const ENTRIES = ['cli/main', 'index', 'testing/index', 'stores/sql/kit'];
/** All that one of these loads at once is one file; what two of them load belongs to the first. */
const TOGETHER = [
  // What the contracts of watchword/testing need, so that they load no more.
  {
    name: 'rules',
    of: ['core/errors.ts', 'core/id.ts', 'core/machine/', 'core/policy.ts', 'core/subject.ts', 'ports/'],
  },
  { name: 'store-kit', of: ['stores/sql/kit.ts'] },
  { name: 'library', of: ['index.ts'] },
  { name: 'engine', of: ['compose.ts'] },
  { name: 'server', of: ['cli/serve.ts'] },
];

const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(ENTRIES.map((name) => [name, `./src/${name}.ts`])),
  platform: 'node',
  external: (id) => /^[@a-z]/.test(id),
  plugins: [placesOfFiles()],
});
const { output } = await bundle.write({
  dir: 'dist',
  chunkFileNames: `${CHUNKS}/[name].js`,
  codeSplitting: {
    groups: TOGETHER.map(({ name, of }, index) => ({
      name,
      test: (id) => of.some((path) => pathToFileURL(id).href.startsWith(`${sources}${path}`)),
      priority: TOGETHER.length - index,
    })),
  },
});

const made = new Set(output.map(({ fileName }) => fileName));
for (const name of readdirSync(join(root, 'dist', CHUNKS)))
  if (!made.has(`${CHUNKS}/${name}`)) rmSync(join(root, 'dist', CHUNKS, name));

/** Files are found beside the module that wants them: its place, not that of the file it was joined into. */
function placesOfFiles() {
  return {
    name: 'places-of-files',
    transform(code, id) {
      if (!code.includes('import.meta.url')) return null;
      const place = pathToFileURL(id)
        .href.slice(sources.length)
        .replace(/\.tsx?$/, '.js');
      return { code: code.replaceAll('import.meta.url', `__placeOf__('${place}')`), map: null };
    },
    renderChunk(code, { fileName }) {
      return code.replaceAll(/__placeOf__\(["']([^"']+)["']\)/g, (_, place) => {
        const path = posix.relative(posix.dirname(fileName), place);
        return place === fileName ? 'import.meta.url' : `new URL('${path}', import.meta.url)`;
      });
    },
  };
}
