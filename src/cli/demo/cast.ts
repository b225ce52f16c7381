import { PRESETS, type Policy } from '../../core/policy.ts';
import type { Role } from '../../core/staff.ts';

export const DEMO_NAME = 'Harbour Mobile';
export const DEMO_POLICY: Policy = { ...PRESETS.desk, override: 'with_review' };

/** Who works at the demo's desk. */
export const STAFF: readonly { readonly name: string; readonly email: string; readonly role: Role }[] = [
  { name: 'Noor Haddad', email: 'noor.haddad@harbour.example', role: 'admin' },
  { name: 'Sam Whitlock', email: 'sam.whitlock@harbour.example', role: 'supervisor' },
  { name: 'Priya Raman', email: 'priya.raman@harbour.example', role: 'agent' },
  { name: 'Jonas Keller', email: 'jonas.keller@harbour.example', role: 'agent' },
  { name: 'Ingrid Solheim', email: 'ingrid.solheim@harbour.example', role: 'auditor' },
];

/** A caller: numbers that regulators keep for films, and mailboxes under a name that nobody can own. */
export interface Client {
  readonly name: string;
  readonly to: string;
  readonly reference: string;
}

const NAMES: readonly [string, ...string[]] = [
  'Mara Lindqvist',
  'Tomasz Wierzbicki',
  'Aroha Ngata',
  'Declan O’Shea',
  'Yuki Tanabe',
  'Fatima Benali',
  'Oliver Pruitt',
  'Hana Kovac',
  'Samuel Okafor',
  'Grace Mulligan',
  'Leila Haidari',
  'Ruben Castellanos',
  'Ida Bergstrom',
  'Kofi Mensah',
  'Petra Novak',
  'Liam Gallagher-Price',
  'Ngoc Anh Tran',
  'Beatrix van Dijk',
  'Mateo Rossi',
  'Sofia Papadaki',
  'Arjun Mehta',
  'Esme Fairweather',
  'Callum Reid',
  'Zainab Yusuf',
];

const AUSTRALIAN = ['570006', '570156', '570157', '570158', '570159', '570110', '570313', '570737', '571266', '571491'];
const AMERICAN = ['0123', '0147', '0110', '0168', '0155', '0102'];

/** Everybody who ever called. */
export const CLIENTS: readonly [Client, ...Client[]] = [
  client(NAMES[0], 0),
  ...NAMES.slice(1).map((name, index) => client(name, index + 1)),
];

function client(name: string, at: number): Client {
  return { name, to: addressOf(name, at), reference: `HM-${20_418 + at * 37}` };
}

function addressOf(name: string, at: number): string {
  const local = AUSTRALIAN[at];
  if (local !== undefined) return `+61491${local}`;
  const american = AMERICAN[at - AUSTRALIAN.length];
  if (american !== undefined) return `+1415555${american}`;
  const user = name.toLowerCase().replace(/[^a-z]+/g, '.');
  return `${user}@bluegum.example`;
}

/** The companies that they call for, three people each. */
export const COMPANIES = [
  'Bluegum Transport',
  'Kestrel Dental',
  'Tidewater Cafés',
  'Lantern Street Books',
  'Ironbark Joinery',
  'Redwood Bay Imports',
  'Saltbush Legal',
  'Marigold Aged Care',
] as const;
const ROLES = ['Owner', 'Accounts', 'Office manager'] as const;

/** The companies and who may act for them, as a file that the desk imports. */
export function peopleFile(): string {
  const lines = CLIENTS.map((caller, at) => {
    const [first = '', ...last] = caller.name.split(' ');
    const company = COMPANIES[Math.floor(at / ROLES.length)];
    const [mobile, email] = caller.to.includes('@') ? ['', caller.to] : [caller.to, ''];
    const country = mobile.startsWith('+1') ? 'US' : 'AU';
    return [company, country, first, last.join(' '), ROLES[at % ROLES.length], mobile, email].join();
  });
  return ['company,country,first name,last name,role,mobile,email', ...lines].join('\n');
}

/** What agents wrote when they went on without a code. */
export const SKIP_NOTES: readonly [string, ...string[]] = [
  'Passport seen in store, name and date of birth agree with the account.',
  'Called back on the landline on file; she named her last two invoices.',
  'Representative of the business, known to the team since 2023.',
  'Shift supervisor confirmed the caller over video.',
];
