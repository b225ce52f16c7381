/** Where a requirement shows that no test names in its title: a file, and words that must stand in it. */
export interface Place {
  readonly file: string;
  readonly words: string;
}

/** What is left out, and why. */
export interface LeftOut {
  readonly why: string;
}

const at = (file: string, words: string): Place => ({ file, words });
const leftOut = (why: string): LeftOut => ({ why });

const FLOW = 'test/web/hosted/flow.test.ts';
const BROWSER = 'test/browser/hosted.test.ts';
const README = 'test/system/readme.test.ts';
const REST = 'test/compat/phone-verify.test.ts';
const RECIPES = 'test/library/recipes.test.ts';

/** How many each of the five systems asks for. */
export const REQUIREMENTS: Readonly<Record<string, number>> = { S0: 58, S1: 28, S2: 100, S3: 62, S4: 33 };

/** The requirements whose number is in no title of a test. */
export const ELSEWHERE: Readonly<Record<string, Place | LeftOut>> = {
  'S1.10': at(FLOW, 'gets a code by e-mail, enters it, and goes back with a receipt that works once'),
  'S1.11': at(FLOW, 'keeps what was typed when it is no address'),
  'S1.12': at(FLOW, 'with the number as people write it and digits of any script'),
  'S1.13': at(FLOW, 'sees that the code has expired, and gets a new one to the same address'),
  'S1.18': at(README, 'works as written in line %i (%s)'),
  'S1.19': at(README, 'sends a real mail with one setting, with the code in it'),
  'S1.20': at('docs/deploy/render.md', 'is a blueprint with one web service'),
  'S1.21': at('docs/deploy/heroku.md', 'heroku config:set'),
  'S1.22': at('docs/security-checklist.md', '# Before production'),
  'S1.23': at('test/servers/postgres.test.ts', "serverSuite('postgres', 'a store'"),
  'S1.24': at('test/web/records.test.ts', 'shows newest first, masked, with a way to each record'),
  'S1.25': leftOut(
    'A page that is weak on purpose is one that somebody leaves reachable. Test keys and /dev/inbox teach without one.',
  ),
  'S1.26': at('test/web/pages.test.ts', '%s links only to pages that answer'),
  'S1.27': at('test/structure/documents.test.ts', 'the README'),
  'S1.28': at('test/examples/examples.test.ts', '%s signs a person in, and ends when told to'),

  'S2.3': at('test/servers/exim.test.ts', 'lies in the mailbox once, after STARTTLS and a login, and is approved'),
  'S2.8': at(FLOW, 'asks for another message: too early, then sent, the same code under the default policy'),
  'S2.13': at(FLOW, 'gets a code by e-mail, enters it'),
  'S2.14': at(FLOW, 'is told when the code is wrong, and how many tries are left; a reload counts nothing'),
  'S2.15': at(FLOW, 'asks for another message'),
  'S2.16': at(FLOW, 'is signed in, and signs out'),
  'S2.17': at('docs/api.md', '"checks_remaining"'),
  'S2.18': at(FLOW, 'a person who is asked by the application'),
  'S2.21': at('docs/channels/console.md', '# console'),
  'S2.28': at(FLOW, 'keeps what was typed when it is no address, and changes contact'),
  'S2.30': at(BROWSER, 'one-time-code'),
  'S2.31': at(FLOW, 'is told what a code looks like, and nothing is counted'),
  'S2.61': at('test/web/every-page.test.ts', 'goes to a ticket by its index'),
  'S2.62': at('test/stores/sqlite-growth.slow.test.ts', 'is empty again after the retention (A39)'),
  'S2.63': at('docs/scale.md', 'partition'),
  'S2.64': at('test/service/read-through.test.ts', 'loads once for all who ask, and again when the answer is too old'),
  'S2.66': at('test/web/pages.test.ts', "describe('assets'"),
  'S2.67': at('docs/troubleshooting.md', 'queue'),
  'S2.69': at('test/library/library.test.ts', 'answers the API as a fetch handler, with and without its base path'),
  'S2.70': at('test/servers/suites.test.ts', 'suites on ${driver.name}'),
  'S2.71': at('test/system/runtimes.test.ts', 'works on %s, from JavaScript and from TypeScript'),
  'S2.72': at('docs/troubleshooting.md', '# Troubleshooting, by symptom'),
  'S2.73': at('docs/README.md', 'reference/settings.md'),
  'S2.74': at('docs/desk.md', '# The desk'),
  'S2.75': at('docs/recipes/two-step-sign-in.md', '# Two-step sign-in'),
  'S2.76': at('docs/recipes/sign-up.md', '# Signing up'),
  'S2.77': at('test/attack/a27-staff-sign-in.test.ts', 'takes each recovery code once'),
  'S2.78': at('test/attack/a31-a34-limits.test.ts', 'A33: bombing a number from a hundred addresses'),
  'S2.82': at('test/crypto/totp.test.ts', 'is that of RFC 4226, appendix D'),
  'S2.85': leftOut(
    'A push needs an app of one’s own; a channel of one’s own carries it (docs/testing.md, "A channel of your own").',
  ),
  'S2.86': at('docs/recipes/passwordless.md', '# Passwordless'),
  'S2.87': at('test/web/hosted/captcha.test.ts', 'lets a start go that its provider says yes to'),
  'S2.91': at(FLOW, 'gets a code by e-mail, enters it'),

  'S3.4': at('test/channels/providers/vonage.test.ts', 'a delivery receipt of Vonage'),
  'S3.6': at('test/library/custom.test.ts', 'a channel of one’s own'),
  'S3.11': at(REST, 'C1: registering by form sends one message and answers a token of a record'),
  'S3.12': at(REST, 'C2: the right number, code and token are valid'),
  'S3.13': at(REST, 'C3: missing fields are named'),
  'S3.14': at(REST, 'answers 405, 404, 415 and broken JSON as the REST framework does'),
  'S3.16': at(REST, 'signs a token that holds neither the code nor the number, and that ends'),
  'S3.18': at(REST, 'kills the old token when a number is registered again'),
  'S3.19': at('docs/migrate/home-made-table.md', 'becomes two calls'),
  'S3.22': at('test/library/library.test.ts', 'onEvent'),
  'S3.24': at('docs/testing.md', '## A channel of your own'),
  'S3.25': at('test/system/runtimes.test.ts', 'calls the service from %s'),
  'S3.26': at('test/library/library.test.ts', 'carries a code through a channel object and approves it'),
  'S3.27': at('test/structure/documents.test.ts', 'CHANGELOG.md'),
  'S3.28': at(
    'test/cli/program.test.ts',
    'refuses an old schema in production until watchword migrate has run, and then starts',
  ),
  'S3.34': at(REST, 'C10: the first language of Accept-Language is that of the message'),
  'S3.35': at('docs/templates.md', 'context'),
  'S3.36': at('docs/library.md', '`verify.check(id, code, { context, receipt })`'),
  'S3.38': at('docs/examples/django.md', 'def '),
  'S3.39': at('SECURITY.md', '48 hours'),
  'S3.40': at('docs/recipes/two-step-sign-in.md', '# Two-step sign-in'),
  'S3.41': at('docs/recipes/password-recovery.md', '# Password recovery'),
  'S3.42': at('docs/recipes/opt-in.md', '# Opting in'),
  'S3.43': at('docs/recipes/several-tenants.md', '# Several tenants'),
  'S3.44': at(
    'test/cli/program.test.ts',
    'leaves messages in the queue with --no-worker, for watchword worker to deliver',
  ),
  'S3.45': at('docs/templates.md', 'purpose'),
  'S3.47': at('docs/recipes/number-change.md', '# Changing a number'),
  'S3.48': at('.env.example', 'WATCHWORD_MODE'),
  'S3.49': at('docs/policies.md', '## Limits'),
  'S3.55': at('test/attack/a30-budget.test.ts', 'G10, A30: a budget of 1 USD a day'),
  'S3.56': at('test/attack/a06-abuse-detected.test.ts', 'abuse.detected is told once an hour for each limit'),
  'S3.59': at('docs/security-checklist.md', '18.'),
  'S3.61': at('docs/troubleshooting.md', '# Troubleshooting, by symptom'),
  'S3.62': at('docs/channels/sandbox.md', '# sandbox'),

  'S4.8': at('examples/README.md', 'Express'),
  'S4.18': at('test/servers/records-away.test.ts', 'serverSuite('),
  'S4.19': at('test/library/library.test.ts', 'with and without its base path'),
  'S4.26': at('docs/api.md', 'curl'),
  'S4.31': at(RECIPES, '%s approves the right code of the right person, once'),
  'S4.32': at('test/core/message-languages.test.ts', 'there are at least forty'),
  'S4.33': at('test/compat/otp.test.ts', 'S4.28: a policy of the purpose '),
};
