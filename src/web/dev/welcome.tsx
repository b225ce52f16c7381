import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ChannelName } from '../../core/verification.ts';
import type { Health } from '../../service/api.ts';
import { Badge } from '../components/badge.tsx';
import { DeveloperPage } from '../components/layout.tsx';
import type { PagesOptions } from '../options.ts';
import { baseUrl, href, type Site } from '../site.ts';
import { CHANNEL_WORDS } from '../components/channel-words.ts';
import { CheckCommand, SendCommand } from './commands.tsx';

interface WelcomeProps {
  readonly options: PagesOptions;
  readonly health: Health;
  /** The channels that test keys can use. */
  readonly channels: readonly ChannelName[];
}

/** The first page a developer sees: a call that works as it stands, and where everything is. */
export function WelcomePage({ options, health, channels }: WelcomeProps): JSX.Element {
  const title = health.ready ? 'Watchword is running' : 'Watchword is not ready';
  return (
    <DeveloperPage site={options} title={title} path="/">
      <div class="stack-wide">
        <div class="head">
          <div>
            <h1>{title}</h1>
            <p>{summary(options)}</p>
          </div>
        </div>
        <div class="cols cols-main">
          <FirstCall options={options} />
          <div class="stack">
            <WhereToGo site={options} />
            <HealthCard options={options} health={health} channels={channels} />
          </div>
        </div>
      </div>
    </DeveloperPage>
  );
}

function summary(options: PagesOptions): string {
  const place = `Development mode on ${new URL(baseUrl(options)).host}, version ${options.version}.`;
  const outward = Object.values(options.providers ?? {})
    .flat()
    .some((name) => name !== 'inbox');
  return outward
    ? `${place} Test keys send to the inbox; live keys send through the providers.`
    : `${place} Messages go to the inbox. Nothing leaves this computer.`;
}

function FirstCall({ options }: { options: PagesOptions }): JSX.Element {
  return (
    <section class="card">
      <h2>1. Send a code</h2>
      {options.testKey === null ? (
        <p class="quiet">
          <code>watchword keys create --application default --mode test --scopes send,check,read</code> makes the key.
        </p>
      ) : null}
      <SendCommand options={options} />
      <h2>
        2. Read it in the <a href={href(options, '/dev/inbox')}>inbox</a>
      </h2>
      <p class="quiet">The test key delivers only there.</p>
      <h2>3. Check it</h2>
      <p class="quiet">The answer to the first call holds the id; the message in the inbox holds the code.</p>
      <CheckCommand options={options} verification="vrf_…" code="048213">
        <i>{'\n# {"result": "approved", "verification": {"status": "approved", …}}'}</i>
      </CheckCommand>
    </section>
  );
}

function WhereToGo({ site }: { site: Site }): JSX.Element {
  return (
    <section class="card">
      <h2>Where to go</h2>
      <ul class="stack-tight">
        <Place path={href(site, '/dev/inbox')} word="Inbox">
          Every message of a test send
        </Place>
        <Place path={href(site, '/docs')} word="API reference">
          Also as <a href={href(site, '/openapi.json')}>openapi.json</a>
        </Place>
        <Place path={href(site, '/docs/errors')} word="Errors">
          Every error code and the way on
        </Place>
        <Place path={href(site, '/docs/policies')} word="Policies">
          The presets, field by field
        </Place>
      </ul>
    </section>
  );
}

function Place({ path, word, children }: { path: string; word: string; children?: unknown }): JSX.Element {
  return (
    <li>
      <a href={path}>{word}</a>
      <br />
      <span class="small quiet">{children as JSX.Element}</span>
    </li>
  );
}

/** What the readiness checks are called on the page; an unknown one shows under its own name. */
const CHECK_WORDS: Readonly<Record<string, string>> = {
  store: 'Database',
  database: 'Database',
  worker: 'Worker',
  queue: 'Queue',
  clock: 'Clock',
  shutdown: 'Shutdown',
};

function HealthCard({ options, health, channels }: WelcomeProps): JSX.Element {
  return (
    <section class="card">
      <h2>Health</h2>
      <ul class="stack-tight small">
        {Object.entries(health.checks).map(([name, check]) => (
          <li>
            <div class="split">
              <span>{CHECK_WORDS[name] ?? name}</span>
              <CheckBadge check={check} />
            </div>
            {check.reason === undefined ? null : <p class="quiet">{check.reason}</p>}
          </li>
        ))}
        {channels.map((channel) => (
          <li class="split">
            <span>{CHANNEL_WORDS[channel]}</span>
            <ProviderBadge names={options.providers?.[channel] ?? []} />
          </li>
        ))}
      </ul>
      <p class="small quiet">
        <code>watchword doctor</code> checks the settings, the database, the clock and every provider.
      </p>
    </section>
  );
}

/** A check that is fine but has something to say is slow; a worker that runs elsewhere is off here. */
function CheckBadge({ check }: { check: Health['checks'][string] }): JSX.Element {
  if (!check.ok) return <Badge tone="bad" word="Not working" />;
  if (check['running'] === false) return <Badge tone="calm" word="Off" />;
  return check.reason === undefined ? (
    <Badge tone="good" word="Working" />
  ) : (
    <Badge tone="warn" icon="clock" word="Slow" />
  );
}

function ProviderBadge({ names }: { names: readonly string[] }): JSX.Element {
  const outward = names.filter((name) => name !== 'inbox');
  return outward.length === 0 ? (
    <Badge tone="test" word="Inbox" />
  ) : (
    <Badge tone="info" icon="envelope" word={outward.join(', ')} />
  );
}
