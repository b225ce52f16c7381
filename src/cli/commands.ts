import type { Command, Option } from './command.ts';

const APPLICATION: Option = {
  name: 'application',
  value: 'NAME',
  doc: 'Id or name of the application (default: default).',
};

/** Every command, in the order help shows them. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'serve',
    summary: 'Run the API, the pages and the worker in one process.',
    options: [{ name: 'no-worker', doc: 'Leave delivery and clean-up to `watchword worker`.' }],
    examples: [
      { line: 'watchword serve', doc: 'On http://127.0.0.1:7070, with a test key and curl lines to paste.' },
      { line: 'PORT=8080 watchword serve --no-worker', doc: 'Only API and pages, on another port.' },
    ],
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'worker',
    summary: 'Deliver messages, expire and purge records, without API and pages.',
    options: [],
    examples: [{ line: 'watchword worker', doc: 'Beside one or more `watchword serve --no-worker`.' }],
    load: async () => (await import('./worker.ts')).worker,
  },
  {
    name: 'migrate',
    summary: 'Bring the database to this version’s schema, or move to another database.',
    options: [
      {
        name: 'from',
        value: 'URL',
        doc: 'Copy everything out of this database into --to (default: DATABASE_URL) and compare every row. Stop the service first.',
      },
      {
        name: 'to',
        value: 'URL',
        doc: 'An empty database to copy into (default: DATABASE_URL).',
      },
    ],
    examples: [
      { line: 'watchword migrate', doc: 'Before the first start in production, and after an update.' },
      { line: 'watchword migrate --from sqlite:./data/watchword.db', doc: 'Into the server that DATABASE_URL names.' },
      { line: 'watchword migrate --to sqlite:./copy.db', doc: 'Out of it, into a file to look at.' },
    ],
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'keys create',
    summary: 'Make an API key and print it once.',
    options: [
      APPLICATION,
      {
        name: 'mode',
        value: 'live|test',
        doc: 'Live keys send through providers, test keys only into the inbox (default: live).',
      },
      { name: 'scopes', value: 'LIST', doc: 'Some of send,check,read,admin (default: send,check,read).' },
      { name: 'name', value: 'TEXT', doc: 'What the key is for.' },
      {
        name: 'expires',
        value: 'WHEN',
        doc: 'A date (2027-01-31), a time (2027-01-31T12:00:00Z) or days from now (90d). Default: never.',
      },
    ],
    examples: [
      { line: 'watchword keys create --name "web shop"', doc: 'A live key of the application “default”.' },
      {
        line: 'watchword keys create --application default --mode live --scopes send,check,read,admin --json',
        doc: 'Prints {"id": "key_…", "key": "ww_live_…"}.',
      },
    ],
    load: async () => (await import('./keys.ts')).createKey,
  },
  {
    name: 'keys list',
    summary: 'List the API keys of an application; never the keys themselves.',
    options: [APPLICATION],
    examples: [{ line: 'watchword keys list --json', doc: 'Prints {"data": […]}.' }],
    load: async () => (await import('./keys.ts')).listKeys,
  },
  {
    name: 'keys revoke',
    summary: 'End an API key, on every instance within a second.',
    argument: { name: 'ID', doc: 'The id of the key, key_….' },
    options: [],
    examples: [
      {
        line: 'watchword keys revoke key_01M7WD8FKV3DVQJ06G9RFW13C7X8ZR',
        doc: 'Requests with this key answer 401 from now on.',
      },
    ],
    load: async () => (await import('./keys.ts')).revokeKey,
  },
  {
    name: 'agents create',
    summary: 'Make somebody who may sign in to the desk.',
    options: [
      APPLICATION,
      {
        name: 'email',
        value: 'ADDRESS',
        required: true,
        doc: 'What they sign in with; codes for signing in go there.',
      },
      { name: 'name', value: 'TEXT', required: true, doc: 'The name that records show.' },
      { name: 'role', value: 'ROLE', required: true, doc: 'agent, supervisor, admin or auditor.' },
      {
        name: 'password',
        value: 'TEXT',
        doc: 'At least 15 characters. Without it one is made and printed once. Other users of the machine can see what is typed here.',
      },
    ],
    examples: [
      {
        line: 'watchword agents create --email noor@example.com --name "Noor Haddad" --role admin',
        doc: 'Prints a password once.',
      },
    ],
    load: async () => (await import('./agents.ts')).createAgent,
  },
  {
    name: 'demo',
    summary: 'Fill a development database with a desk, people and thirty days of records.',
    options: [
      {
        name: 'seed',
        value: 'NUMBER',
        doc: 'Another number makes other records. Passwords are new every time.',
      },
    ],
    examples: [
      { line: 'watchword demo', doc: 'Makes the application “Harbour Mobile” and prints who may sign in.' },
      { line: 'DATABASE_URL=sqlite:demo.db watchword demo', doc: 'In a file of its own.' },
    ],
    load: async () => (await import('./demo/index.ts')).demo,
  },
  {
    name: 'send',
    summary: 'Send a real code from the shell, to try a provider.',
    options: [
      {
        name: 'to',
        value: 'ADDRESS',
        required: true,
        doc: 'A phone number with + and country code, or an e-mail address.',
      },
      {
        name: 'channel',
        value: 'NAME',
        doc: 'sms, email, voice, whatsapp or telegram (default: what fits the address).',
      },
      {
        name: 'dsn',
        value: 'DSN',
        doc: 'Try this provider, once, instead of the configured ones. Other users of the machine can see it: for real credentials use the settings.',
      },
      { name: 'purpose', value: 'NAME', doc: 'The purpose, and so the policy (default: login).' },
      { name: 'locale', value: 'TAG', doc: 'The language of the message, e.g. de.' },
      APPLICATION,
    ],
    examples: [
      { line: 'watchword send --to ann@example.com', doc: 'Through WATCHWORD_EMAIL.' },
      { line: 'watchword send --to +14155552671 --dsn console://', doc: 'Prints the message instead.' },
    ],
    load: async () => (await import('./send.ts')).send,
  },
  {
    name: 'check',
    summary: 'Check a code from the shell.',
    options: [
      { name: 'id', value: 'ID', required: true, doc: 'The id of the verification, vrf_….' },
      { name: 'code', value: 'CODE', required: true, doc: 'What was received.' },
      APPLICATION,
    ],
    examples: [
      {
        line: 'watchword check --id vrf_01M7WDB2V2525KKQ906Z3ZEV6ACTRT --code 123456',
        doc: 'Exit code 0 when approved, else 1.',
      },
    ],
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'purge',
    summary: 'Delete records whose retention has ended. The worker does this daily by itself.',
    options: [
      {
        name: 'days',
        value: 'N',
        doc: 'Delete every record closed more than N days ago instead, whatever its policy keeps.',
      },
      { name: 'dry-run', doc: 'Delete nothing; count, and show the first ten.' },
    ],
    examples: [
      { line: 'watchword purge --dry-run', doc: 'What would go now.' },
      { line: 'watchword purge --days 7', doc: 'Keep one week only.' },
    ],
    load: async () => (await import('./purge.ts')).purge,
  },
  {
    name: 'void',
    summary: 'Take every pending code out of force, of all applications. After restoring a backup.',
    options: [{ name: 'dry-run', doc: 'Change nothing; count.' }],
    examples: [{ line: 'watchword void', doc: 'Before the service starts on a restored database.' }],
    load: async () => (await import('./void.ts')).voidCodes,
  },
  {
    name: 'audit verify',
    summary: 'Check the audit log: signatures, the chain of batches, and every entry.',
    options: [
      { name: 'application', value: 'NAME', doc: 'The application, by name or id (default: all of them).' },
      { name: 'root', value: 'ROOT', doc: 'A root written down earlier: it must be in the chain.' },
    ],
    examples: [
      {
        line: 'watchword audit verify',
        doc: 'Exit code 1, and the first entry that is not as it was sealed, when anything was altered.',
      },
    ],
    load: async () => (await import('./audit.ts')).verifyAudit,
  },
  {
    name: 'audit export',
    summary: 'Print the sealed audit log as lines of JSON with proofs.',
    options: [APPLICATION],
    examples: [{ line: 'watchword audit export > audit.jsonl', doc: 'docs/audit.md has a script that checks it.' }],
    load: async () => (await import('./audit.ts')).exportAudit,
  },
  {
    name: 'audit purge',
    summary: 'Delete old audit entries. Their signed roots and counts stay; nothing does this by itself.',
    options: [
      APPLICATION,
      { name: 'days', value: 'N', required: true, doc: 'Delete what was sealed more than N days ago.' },
    ],
    examples: [{ line: 'watchword audit purge --days 400', doc: 'Keep thirteen months.' }],
    load: async () => (await import('./audit.ts')).purgeAudit,
  },
  {
    name: 'doctor',
    summary: 'Check settings, database, clock and providers; every fault comes with its cure.',
    options: [{ name: 'send', value: 'ADDRESS', doc: 'Also send a first real message to this address.' }],
    examples: [
      { line: 'watchword doctor', doc: 'Exit code 1 when anything fails.' },
      { line: 'watchword doctor --send ann@example.com', doc: 'The first real message.' },
    ],
    load: async () => (await import('./doctor/index.ts')).doctor,
  },
];
