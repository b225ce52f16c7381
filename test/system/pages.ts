import { readPages } from '../structure/pages.ts';
import { type Block, blocksOf } from './snippets.ts';

/** What becomes of the snippets of a page: typed or run by `pages.test.ts` and `page-programs.test.ts`, run by another test, or only read, with the reason. */
export type Treatment =
  | { readonly by: 'here' }
  | { readonly by: 'test'; readonly file: string }
  | { readonly by: 'reading'; readonly why: string };

const HERE: Treatment = { by: 'here' };
const test = (file: string): Treatment => ({ by: 'test', file });
const reading = (why: string): Treatment => ({ by: 'reading', why });

/** Languages in which somebody would type or save a snippet. */
export const RUNNABLE: readonly string[] = ['sh', 'console', 'js', 'ts', 'python'];

/** Every page that has such snippets, but recipes, which one test runs by their folder. */
export const TREATMENTS: Readonly<Record<string, Treatment>> = {
  'CONTRIBUTING.md': reading('they run this very test'),
  'README.md': test('test/system/readme.test.ts'),
  'docs/api.md': test('test/system/readme.test.ts'),
  'docs/audit.md': HERE,
  'docs/channels/exec.md': reading('needs a modem and its program'),
  'docs/channels/recorded-runs.md': test('test/channels/support/recorded-run.ts'),
  'docs/channels/smpp.md': reading('installs a package'),
  'docs/channels/webhook.md': HERE,
  'docs/client.md': test('test/client/document.test.ts'),
  'docs/deploy/README.md': reading('needs a machine that systemd runs, and a server'),
  'docs/deploy/docker.md': reading('needs Docker'),
  'docs/deploy/heroku.md': reading('needs an account'),
  'docs/deploy/systemd.md': reading('needs a machine that systemd runs'),
  'docs/desk.md': HERE,
  'docs/examples/django.md': HERE,
  'docs/examples/express.md': HERE,
  'docs/examples/nextjs.md': HERE,
  'docs/guides/first-mail.md': HERE,
  'docs/guides/sms-gateway.md': HERE,
  'docs/hosted.md': HERE,
  'docs/insights.md': HERE,
  'docs/library.md': HERE,
  'docs/migrate/better-auth.md': test('test/compat/guides.test.ts'),
  'docs/migrate/home-made-table.md': HERE,
  'docs/migrate/twilio-verify.md': HERE,
  'docs/own-store.md': HERE,
  'docs/performance-peers.md': reading('takes minutes, and packages of others'),
  'docs/performance-stores.md': reading('takes an hour'),
  'docs/performance.md': reading('takes minutes'),
  'docs/policies.md': HERE,
  'docs/reference/cli.md': HERE,
  'docs/routing.md': HERE,
  'docs/testing.md': HERE,
  'docs/webhooks.md': HERE,
};

export const IS_RECIPE = /^docs\/recipes\/[^/]+\.md$/;

/** Pages with something to run, and what there is. */
export function pagesWithSnippets(): ReadonlyMap<string, readonly Block[]> {
  const found = readPages().map(({ path }) => [path, blocksOf(path).filter(isRunnable)] as const);
  return new Map(found.filter(([, blocks]) => blocks.length > 0));
}

function isRunnable({ language }: Block): boolean {
  return RUNNABLE.includes(language);
}

/** The snippets of one language of a page. */
export function snippetsOf(path: string, ...languages: readonly string[]): readonly Block[] {
  return blocksOf(path).filter(({ language }) => languages.includes(language));
}
