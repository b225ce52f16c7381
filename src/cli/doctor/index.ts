import { readFileSync } from 'node:fs';
import { processEnvironment, readSettings, type Settings } from '../../config/index.ts';
import type { Environment } from '../../ports/environment.ts';
import { allProblems } from '../../runtime/checked-settings.ts';
import { ownSendsOnly } from '../../runtime/own-sends.ts';
import type { Given } from '../command.ts';
import { isDelivered, whyNot } from '../deliver.ts';
import { EXITS } from '../exit.ts';
import { explainFailure } from '../failure.ts';
import { commandEnvironment, findApplication, silentEnvironment, withService } from '../open.ts';
import type { Output } from '../output.ts';
import { startAndDeliver } from '../send.ts';
import { databaseFindings } from './database/index.ts';
import { fail, fine, type Finding } from './finding.ts';
import { inboxOnly, providerFindings } from './providers.ts';
import { reportLines } from './report.ts';
import { badSettings, settingFindings } from './settings.ts';

/** Looks at everything that a first message needs, and with `--send` sends it. */
export async function doctor({ values }: Given, output: Output): Promise<number> {
  const findings = await examine(commandEnvironment(output), values['send'] ?? null, output);
  const ok = findings.every(({ status }) => status !== 'fail');
  output.result({ ok, checks: findings }, reportLines(findings));
  return ok ? EXITS.ok.code : EXITS.failed.code;
}

async function examine(env: Environment, to: string | null, output: Output): Promise<Finding[]> {
  const read = readSettings(processEnvironment(), (path) => readFileSync(path, 'utf8'));
  const node = fine('node', `${process.versions.node} on ${process.platform}`);
  if (!read.ok) return [node, ...badSettings(allProblems(read))];
  const { settings } = read;
  const findings = [
    node,
    ...settingFindings(settings),
    ...(await databaseFindings(settings, env)),
    ...(await providerFindings(settings)),
  ];
  if (to === null) return findings;
  return [...findings, ...(await firstMessage(settings, to, output))];
}

async function firstMessage(settings: Settings, to: string, output: Output): Promise<Finding[]> {
  const channel = to.includes('@') ? 'email' : 'sms';
  try {
    const delivery = await withService(
      output,
      async (composition) => {
        const application = await findApplication(composition);
        return await startAndDeliver(composition, { application, input: { to, channel }, retries: true }, output);
      },
      { settings, wrapStore: ownSendsOnly, env: silentEnvironment() },
    );
    const { send, verification } = delivery;
    if (!isDelivered(delivery)) {
      const { reason, cure } = whyNot(delivery);
      return [fail('first message', `not sent: ${reason}`, cure)];
    }
    const sent = fine('first message', `${verification.id} accepted by ${send?.provider ?? 'a provider'}`);
    return [sent, ...inboxOnly(settings, channel)];
  } catch (error) {
    const failure = explainFailure(error);
    return [fail('first message', failure.message, failure.cure ?? 'Correct what is named above.')];
  }
}
