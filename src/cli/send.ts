import type { Composition, ComposeOptions } from '../compose.ts';
import { checkDsn } from '../channels/index.ts';
import type { Settings } from '../config/index.ts';
import { secret } from '../core/redacted.ts';
import { CHANNELS, type ChannelName } from '../core/verification.ts';
import type { Application } from '../ports/settings.ts';
import { ownSendsOnly } from '../runtime/own-sends.ts';
import type { StartInput } from '../service/index.ts';
import type { Given } from './command.ts';
import { type Delivery, deliverNow, isDelivered, type Patience, whyNot } from './deliver.ts';
import { CommandError, EXITS } from './exit.ts';
import { refusal } from './failure.ts';
import { findApplication, operator, silentEnvironment, withService } from './open.ts';
import type { Output } from './output.ts';

/** Starts a real verification and delivers it in this process. */
export async function send({ values }: Given, output: Output): Promise<number> {
  const to = values['to'] ?? '';
  const channel = channelOf(values['channel'], to);
  const trial = trialProvider(values['dsn'], channel);
  const options = { wrapStore: ownSendsOnly, env: silentEnvironment(), ...trial };
  return await withService(
    output,
    async (composition, settings) => {
      const input = startInput({ to, channel, purpose: values['purpose'], locale: values['locale'] });
      const application = await findApplication(composition, values['application']);
      const delivery = await startAndDeliver(composition, { application, input, retries: trial === null }, output);
      return report(delivery, settings, output);
    },
    options,
  );
}

interface Order extends Patience {
  readonly application: Application;
  readonly input: StartInput;
}

/** Starts a verification of the operator's and waits until its message is settled. Without retries nothing is left behind. */
export async function startAndDeliver(composition: Composition, order: Order, output: Output): Promise<Delivery> {
  const { verify } = composition.service;
  const caller = operator(order.application);
  const started = await verify.start(caller, order.input);
  if (!started.ok) throw refusal(started.problem);
  const { id, to, channel } = started.value.verification;
  output.say(`${id} to ${to.masked} by ${channel}`);
  const delivery = await deliverNow(composition, { caller, id, retries: order.retries }, output);
  // A running worker would carry it over the configured providers, which are not on trial.
  if (!order.retries && !isDelivered(delivery)) await verify.cancel(caller, id);
  return delivery;
}

function startInput({
  to,
  channel,
  purpose,
  locale,
}: {
  readonly to: string;
  readonly channel: ChannelName;
  readonly purpose: string | undefined;
  readonly locale: string | undefined;
}): StartInput {
  return { to, channel, ...(purpose === undefined ? {} : { purpose }), ...(locale === undefined ? {} : { locale }) };
}

function channelOf(text: string | undefined, to: string): ChannelName {
  if (text === undefined) return to.includes('@') ? 'email' : 'sms';
  const channel = CHANNELS.find((name) => name === text);
  if (channel === undefined)
    throw new CommandError('usage', `There is no channel “${text}”.`, { cure: `Use ${CHANNELS.join(', ')}.` });
  return channel;
}

/** With `--dsn` this provider alone is tried, whatever settings and applications say. */
function trialProvider(dsn: string | undefined, channel: ChannelName): Partial<ComposeOptions> | null {
  if (dsn === undefined) return null;
  const problem = checkDsn(dsn, channel);
  if (problem !== null) throw new CommandError('usage', `--dsn cannot be used: ${problem}.`);
  return { providers: { [channel]: [secret(dsn)] }, ownProviders: {} };
}

function report(delivery: Delivery, settings: Settings, output: Output): number {
  const { verification, send: message } = delivery;
  const { id } = verification;
  const delivered = isDelivered(delivery);
  const value = {
    id,
    status: message?.status ?? 'dropped',
    provider: message?.provider ?? null,
    error: message?.error ?? null,
    attempts: message?.attempts ?? [],
    verification,
  };
  output.result(value, delivered ? successLines(delivery, settings) : [failureLine(delivery)]);
  return delivered ? EXITS.ok.code : EXITS.failed.code;
}

function successLines({ verification: { id }, send: message }: Delivery, { host, port }: Settings): string[] {
  const inbox =
    message?.provider === 'inbox'
      ? [`The message is in the inbox: http://${host}:${port}/dev/inbox, while watchword serve runs.`]
      : [];
  return [...inbox, `Check the code: watchword check --id ${id} --code CODE`];
}

function failureLine(delivery: Delivery): string {
  return `The message was not sent (${whyNot(delivery).reason}). See watchword doctor.`;
}
