import { inertBrand, inertLine } from '../../core/brand.ts';
import type { Application } from '../../ports/settings.ts';
import type { Agent, Passkey } from './agent.ts';
import type { StaffDeps } from './deps.ts';
import { queueMail } from './mail.ts';

/** So that a passkey which somebody else added does not stay unseen. */
export async function tellAdded(
  deps: StaffDeps,
  application: Application,
  agent: Agent,
  passkey: Passkey,
): Promise<void> {
  await mail(deps, agent, 'A passkey was added to your account', [
    `A passkey was added to your account at ${deskOf(application)}: ${named(passkey)}.`,
    'It signs in without your password.',
    'Was it not you? Remove it under “Account security”, change your password, and tell your administrator.',
  ]);
}

/** After a new password by a link: a passkey of whoever knew the old one would still sign in. */
export async function tellLeft(deps: StaffDeps, application: Application, agent: Agent): Promise<void> {
  if (agent.passkeys.length === 0) return;
  await mail(deps, agent, 'Your password was changed', [
    `Your password at ${deskOf(application)} was changed by a link in an e-mail, and you were signed out everywhere.`,
    `Your passkeys stay, and sign in without it:\n${agent.passkeys.map((passkey) => `- ${named(passkey)}`).join('\n')}`,
    'Is one of them not yours? Remove it under “Account security”, and tell your administrator.',
  ]);
}

/** After a new password on the account's own page: who sat down at an open desk, or knows the old one, may have chosen it. */
export async function tellChanged(deps: StaffDeps, application: Application, agent: Agent): Promise<void> {
  await mail(deps, agent, 'Your password was changed', [
    `Your password at ${deskOf(application)} was changed on your account’s page, and your other devices were signed out.`,
    'Was it not you? Choose “Forgot your password?” at signing in, and tell your administrator.',
  ]);
}

/** From then on the mailbox is the second factor, which whoever reads it should know. */
export async function tellTotpOff(deps: StaffDeps, application: Application, agent: Agent): Promise<void> {
  await mail(deps, agent, 'Your authenticator was turned off', [
    `The authenticator of your account at ${deskOf(application)} was turned off. Codes for signing in come to this mailbox.`,
    'Was it not you? Change your password, turn it on again under “Account security”, and tell your administrator.',
  ]);
}

function deskOf({ brand }: Application): string {
  return `the support desk of ${inertBrand(brand, '').text}`;
}

function named({ name }: Passkey): string {
  return inertLine(name, 80);
}

async function mail(deps: StaffDeps, agent: Agent, subject: string, lines: readonly string[]): Promise<void> {
  await queueMail(deps, { application: agent.application, to: agent.email, subject, text: lines.join('\n\n') });
  deps.wake();
}
