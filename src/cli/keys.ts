import type { Mode } from '../core/verification.ts';
import type { ApiKeyView } from '../core/views.ts';
import { type Scope, SCOPES } from '../ports/settings.ts';
import type { KeyInput } from '../service/index.ts';
import type { Given } from './command.ts';
import { CommandError, EXITS } from './exit.ts';
import { valueOf } from './failure.ts';
import { findApplication, withService } from './open.ts';
import { columns, type Output } from './output.ts';

const DAY_MS = 86_400_000;
const LONGEST_NAME = 80;
const DEFAULT_SCOPES = 'send,check,read';

/** Makes a key and prints it, the only time it is shown. */
export async function createKey({ values }: Given, output: Output): Promise<number> {
  const input: KeyInput = {
    mode: modeOf(values['mode'] ?? 'live'),
    scopes: scopesOf(values['scopes'] ?? DEFAULT_SCOPES),
    name: nameOf(values['name'] ?? ''),
    ...(values['expires'] === undefined ? {} : { expires_at: momentOf(values['expires'], Date.now()) }),
  };
  return await withService(output, async (composition) => {
    const application = await findApplication(composition, values['application']);
    const { id, key = '' } = valueOf(await composition.service.keys.create(application, input));
    output.result({ id, key }, [
      key,
      '',
      `${id}: ${input.mode} key of “${application.name}” with ${input.scopes.join(', ')}. It is not shown again.`,
    ]);
    return EXITS.ok.code;
  });
}

/** Lists an application's keys. */
export async function listKeys({ values }: Given, output: Output): Promise<number> {
  return await withService(output, async (composition) => {
    const application = await findApplication(composition, values['application']);
    const list = valueOf(await composition.service.keys.list(application));
    const rows = list.data.map((key) => [key.id, key.mode, key.scopes.join(','), stateOf(key), key.name]);
    output.result(
      list,
      rows.length === 0 ? ['There are no keys yet.'] : columns([['ID', 'MODE', 'SCOPES', 'STATE', 'NAME'], ...rows]),
    );
    return EXITS.ok.code;
  });
}

/** Ends a key, whatever application it belongs to. */
export async function revokeKey({ argument }: Given, output: Output): Promise<number> {
  return await withService(output, async (composition) => {
    const key = await composition.store.keys.find(argument ?? '');
    if (key === null)
      throw new CommandError('failed', `There is no API key “${argument ?? ''}”.`, {
        cure: 'See watchword keys list.',
      });
    const application = await findApplication(composition, key.application);
    const revoked = valueOf(await composition.service.keys.revoke(application, key.id));
    output.result(revoked, [`${revoked.id} is revoked since ${revoked.revoked_at ?? 'now'}.`]);
    return EXITS.ok.code;
  });
}

function stateOf({ revoked_at: revokedAt, expires_at: expiresAt, last_used_at: lastUsedAt }: ApiKeyView): string {
  if (revokedAt !== null) return `revoked ${day(revokedAt)}`;
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) return `expired ${day(expiresAt)}`;
  return lastUsedAt === null ? 'never used' : `used ${day(lastUsedAt)}`;
}

function day(timestamp: string): string {
  return timestamp.slice(0, 10);
}

function modeOf(text: string): Mode {
  if (text === 'live' || text === 'test') return text;
  throw new CommandError('usage', '--mode must be live or test.');
}

function scopesOf(text: string): readonly Scope[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !SCOPES.some((scope) => scope === name));
  if (unknown !== undefined)
    throw new CommandError('usage', `There is no scope “${unknown}”.`, { cure: `Use some of ${SCOPES.join(',')}.` });
  return SCOPES.filter((scope) => names.includes(scope));
}

function nameOf(text: string): string {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) || [...text].length > LONGEST_NAME) {
    throw new CommandError('usage', `--name must be one line of at most ${LONGEST_NAME} characters.`);
  }
  return text;
}

/** A date (its end, UTC), a time, or days from now; always in the future. */
function momentOf(text: string, now: number): number {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const wholeDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const exact = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const at =
    days !== undefined
      ? now + Number(days) * DAY_MS
      : wholeDay
        ? Date.parse(`${text}T23:59:59.999Z`)
        : exact
          ? Date.parse(text)
          : NaN;
  if (at > now) return at;
  const cure = 'Write e.g. 2027-01-31, 2027-01-31T12:00:00Z or 90d.';
  throw new CommandError('usage', Number.isNaN(at) ? '--expires is no date.' : '--expires is in the past.', { cure });
}
