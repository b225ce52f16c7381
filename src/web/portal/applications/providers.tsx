import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ProviderView } from '../../../core/provider-views.ts';
import { providerTestSchema } from '../../../schema/index.ts';
import { Badge } from '../../components/badge.tsx';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { Empty } from '../../components/empty.tsx';
import { Table } from '../../components/table.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { Moment } from '../moment.tsx';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { FormErrors, SelectControl, TextControl } from './controls.tsx';
import type { Scope } from './scope.ts';
import { errorsOfProblem, parsed, typedIn, type Errors, type Typed } from './typed.ts';

/** Who carries the messages of an application, in the order they are asked, and a message to try one. */
export const PROVIDERS: readonly StaffRoute[] = [
  applicationPage('/providers', (visit, scope) => providersPage(visit, scope, {}, {})),
  applicationAct('/providers', test),
];

async function providersPage(visit: Visit, scope: Scope, typed: Typed, errors: Errors): Promise<Page> {
  const found = await visit.service.providers.list(scope.caller);
  const providers = found.ok ? found.value.data : [];
  const channels = [...new Set(providers.map(({ channel }) => channel))];
  const body = (
    <div class="stack-wide">
      {channels.length === 0 ? <NoProvider visit={visit} /> : null}
      {channels.map((channel) => (
        <ChannelTable visit={visit} channel={channel} providers={providers.filter((one) => one.channel === channel)} />
      ))}
      {channels.length === 0 ? null : (
        <TestForm visit={visit} scope={scope} providers={providers} typed={typed} errors={errors} />
      )}
      <p class="hint">
        Providers, their order and prices are set in the environment or the configuration file. What was measured is of
        the last 7 days.
      </p>
    </div>
  );
  return framed(visit, scope, { tab: 'providers', failed: Object.keys(errors).length > 0, body });
}

/** Without a provider only test keys send: what to set, and where that is explained. */
function NoProvider({ visit }: { visit: Visit }): JSX.Element {
  return (
    <section class="card card-flush">
      <Empty title="No provider yet">
        <p>
          Nothing can be delivered; only test keys send, into the inbox. Set one per channel and start again, for
          example <code>WATCHWORD_EMAIL="smtp://user:password@mail.example:587?from=no-reply@example.com"</code> or{' '}
          <code>WATCHWORD_SMS="twilio://SID:TOKEN@default?from=%2B14155552671"</code>.
        </p>
        <a href={href(visit.options, '/docs/pages')}>Every provider and its settings</a>
      </Empty>
    </section>
  );
}

type TableProps = { visit: Visit; channel: ProviderView['channel']; providers: readonly ProviderView[] };

function ChannelTable({ visit, channel, providers }: TableProps): JSX.Element {
  const rows = providers.map((one, at) => ({
    cells: [
      <bdi>{`${at + 1}. ${one.name}`}</bdi>,
      <Health visit={visit} view={one} />,
      one.price === null ? 'Unknown' : `${one.price} ${one.price_currency ?? ''}`,
      one.measured.sent.toLocaleString('en-GB'),
      one.measured.conversion === null ? '–' : `${(one.measured.conversion * 100).toFixed(1)}%`,
      one.measured.seconds_to_approve === null ? '–' : `${one.measured.seconds_to_approve.toFixed(1)} s`,
      routeOf(one.route),
    ],
  }));
  const columns = ['Provider', 'State', 'Price', 'Sent', 'Verified', 'Time to verify', 'For'];
  return (
    <section class="card card-flush">
      <Table caption={`${CHANNEL_WORDS[channel]}, in the order they are asked`} columns={columns} rows={rows} />
    </section>
  );
}

function Health({ visit, view }: { visit: Visit; view: ProviderView }): JSX.Element {
  if (view.state === 'working') return <Badge tone="good" word="Working" />;
  return (
    <>
      <Badge tone="bad" word="Not answering" />
      {view.resting_until === null ? null : (
        <small>
          {' '}
          asked again at <Moment visit={visit} at={view.resting_until} />
        </small>
      )}
    </>
  );
}

function routeOf({ countries, prefixes, purposes, weight, max_price: most }: ProviderView['route']): string {
  const parts = [
    countries.join(', '),
    prefixes.join(', '),
    purposes.join(', '),
    weight === null ? '' : `weight ${weight}`,
    most === null ? '' : `up to ${most}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'Everything' : parts.join('; ');
}

type FormProps = { visit: Visit; scope: Scope; providers: readonly ProviderView[]; typed: Typed; errors: Errors };

function TestForm({ visit, scope, providers, typed, errors }: FormProps): JSX.Element {
  const choices = providers.map(
    ({ channel, name }) => [`${channel} ${name}`, `${name} (${CHANNEL_WORDS[channel]})`] as const,
  );
  return (
    <form class="card" method="post" action={href(visit.options, `${scope.path}/providers`)}>
      <h2>Try a provider</h2>
      <p class="quiet">A real message without a real code goes to the address below. Ten an hour for an application.</p>
      <FormErrors errors={errors} />
      <OnceField visit={visit} />
      <div class="fields-2">
        <SelectControl id="provider" label="Provider" typed={typed} errors={errors} choices={choices} />
        <TextControl id="to" label="To" hint="A number or an e-mail address." typed={typed} errors={errors} needed />
      </div>
      <div class="row">
        <button class="btn btn-main">Send the message</button>
      </div>
    </form>
  );
}

async function test(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page> {
  const typed = typedIn(fields, ['provider', 'to']);
  const [channel = '', ...name] = (typed['provider'] ?? '').split(' ');
  const input = parsed(providerTestSchema, { channel, provider: name.join(' '), to: typed['to'] });
  if ('errors' in input) return providersPage(visit, scope, typed, input.errors);
  const done = await visit.service.providers.test(scope.caller, input.value);
  if (!done.ok) return providersPage(visit, scope, typed, errorsOfProblem(done.problem));
  const { accepted, detail, provider } = done.value;
  const flash = accepted
    ? ({ tone: 'good', title: `${provider} took the message.` } as const)
    : ({ tone: 'bad', title: `${provider} did not take it.`, text: detail ?? '' } as const);
  return { to: `${scope.path}/providers`, flash };
}
