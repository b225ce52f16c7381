import { BUILT_IN_REASONS } from '../../core/reasons.ts';
import type { Composition } from '../../compose.ts';
import type { Settings } from '../../config/index.ts';
import type { Application } from '../../ports/settings.ts';
import type { Given } from '../command.ts';
import { deskPath } from '../desk-path.ts';
import { CommandError, EXITS } from '../exit.ts';
import { refusal } from '../failure.ts';
import { findApplication, loadSettings, operator, silentEnvironment, withService } from '../open.ts';
import type { Output } from '../output.ts';
import { CLIENTS, COMPANIES, DEMO_NAME, DEMO_POLICY, peopleFile, STAFF } from './cast.ts';
import { writeHistory } from './write-history.ts';

const SEED = 20_261_120;

/** Fills a development database, once, so that the desk has something to show. */
export async function demo({ values }: Given, output: Output): Promise<number> {
  const seed = seedOf(values['seed']);
  const settings = loadSettings();
  if (settings.mode === 'production')
    throw new CommandError('failed', 'The demo is for development; in production it changes nothing.', {
      cure: 'Set WATCHWORD_MODE=development and a database of its own.',
    });
  if (settings.database.kind !== 'sqlite')
    throw new CommandError('failed', 'The demo fills SQLite databases only.', {
      cure: 'Set DATABASE_URL=sqlite:demo.db.',
    });
  const work = (composition: Composition): Promise<number> => fill(composition, settings, { seed, output });
  return withService(output, work, { settings, env: silentEnvironment() });
}

function seedOf(text: string | undefined): number {
  if (text === undefined) return SEED;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CommandError('usage', 'A seed is a whole number of at most nine digits.');
}

interface Wanted {
  readonly seed: number;
  readonly output: Output;
}

async function fill(composition: Composition, settings: Settings, { seed, output }: Wanted): Promise<number> {
  const application = await applicationOf(composition);
  const { staff } = composition.service;
  const there = await staff.agents.list(operator(application), { limit: 100 });
  if (there.ok && there.value.data.length >= STAFF.length) {
    const lines = ['The demo is there already; nothing was changed.', '', ...links(settings), '', ...FORGOTTEN];
    output.result({ application: application.id, created: false }, lines);
    return EXITS.ok.code;
  }
  const hired = await hire(composition, application);
  const count = await writeHistory(composition, application, seed);
  const passwords = hired.map(({ role, email, password }) => `  ${role.padEnd(10)}  ${email.padEnd(31)}  ${password}`);
  output.result({ application: application.id, created: true, records: count, agents: hired }, [
    `${DEMO_NAME}: ${count} verifications of the last 30 days, ${CLIENTS.length} people of ${COMPANIES.length} companies, ${hired.length} agents.`,
    '',
    ...links(settings),
    '',
    'Sign in as any of them; the passwords are not shown again:',
    '',
    ...passwords,
    '',
    'The code for the second step lands in the inbox, unless a provider of e-mail is set.',
  ]);
  return EXITS.ok.code;
}

const FORGOTTEN = ['Without the passwords: ask for a reset link at “Forgot your password?”; it lands in the inbox.'];

function links({ publicUrl, port, host }: Settings): readonly string[] {
  const url = publicUrl ?? `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
  return [`Desk   ${url}${deskPath(DEMO_NAME)}`, `Inbox  ${url}/dev/inbox`];
}

async function applicationOf(composition: Composition): Promise<Application> {
  const { applications } = composition.service;
  const known = await applications.find(DEMO_NAME);
  if (known !== null) return known;
  const made = await applications.create(operator(await findApplication(composition)), {
    name: DEMO_NAME,
    brand: DEMO_NAME,
    preset: 'desk',
    default_country: 'AU',
    countries: ['AU', 'GB', 'NZ', 'US'],
    time_zone: 'Australia/Sydney',
    reasons: BUILT_IN_REASONS,
  });
  if (!made.ok) throw refusal(made.problem);
  const application = await findApplication(composition, made.value.id);
  const { preset, override } = DEMO_POLICY;
  const set = await applications.putPolicy(operator(application), 'caller_check', { preset, override });
  if (!set.ok) throw refusal(set.problem);
  return application;
}

interface Hired {
  readonly id: string;
  readonly role: string;
  readonly email: string;
  readonly password: string;
}

/** Agents and the people who call them. Who is there from an interrupted run stays, with the password of then. */
async function hire({ service }: Composition, application: Application): Promise<readonly Hired[]> {
  const caller = operator(application);
  for (const { to, name, reference } of CLIENTS) {
    const put = await service.directory.put(caller, { to, name, reference });
    if (!put.ok) throw refusal(put.problem);
  }
  const known = await service.people.import(caller, peopleFile());
  if (!known.ok) throw refusal(known.problem);
  const hired: Hired[] = [];
  for (const person of STAFF) {
    const made = await service.staff.agents.create(caller, person);
    if (!made.ok && made.problem.code === 'conflict') continue;
    if (!made.ok) throw refusal(made.problem);
    const { id, role, email, password = '' } = made.value;
    hired.push({ id, role, email, password });
  }
  return hired;
}
