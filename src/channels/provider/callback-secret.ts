import type { ReportRequest } from '../../ports/channel.ts';
import { isSameText } from './signatures.ts';
import type { Account, OptionSpec } from './spec.ts';

/** The option of providers that sign nothing: they prove themselves by a secret in the address they post to. */
export const CALLBACK_SECRET: OptionSpec = {
  doc: 'Secret in the callback address: its last path segment, `?s=`, or the password of `https://any:secret@…`. At least 16 letters and digits.',
  pattern: [/^[\w-]{16,200}$/, '16 to 200 letters, digits, - or _'],
};

/** True when the request carries the account's `callback_secret`; false without one, so that no option means no reports. Constant time. */
export async function hasCallbackSecret(request: ReportRequest, account: Account): Promise<boolean> {
  const secret = account.option('callback_secret');
  if (secret === null) return false;
  const found = await Promise.all(candidates(request).map((given) => isSameText(secret, given)));
  return found.includes(true);
}

function candidates(request: ReportRequest): readonly string[] {
  if (!URL.canParse(request.url)) return [];
  const { pathname, searchParams } = new URL(request.url);
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(request.header('authorization') ?? '')?.[1];
  const login = basic === undefined ? '' : Buffer.from(basic, 'base64').toString('utf8');
  return [
    pathname.slice(pathname.lastIndexOf('/') + 1),
    searchParams.get('s') ?? '',
    login.slice(login.indexOf(':') + 1),
  ];
}
