import { systemCode } from '../outcome.ts';
import { safeDetail } from '../safe-detail.ts';
import { isCertificateProblem, readSmtpError, type SmtpError } from './outcome.ts';
import type { SmtpSettings } from './settings.ts';

/** What is wrong with the connection and how to cure it, for the operator. Holds no credential. */
export function adviseSmtp(error: unknown, settings: SmtpSettings, timedOut: boolean): string {
  const read = readSmtpError(error);
  const system = systemCode(error);
  const { server } = settings;
  if (read.code === 'EAUTH' || [530, 534, 535, 538].includes(read.reply ?? 0)) return adviseLogin(read, settings);
  if (read.code === 'EDNS' || system === 'ENOTFOUND') {
    return `The host name of ${server} does not resolve. Check its spelling and this machine's DNS.`;
  }
  if (isCertificateProblem(read, system)) return adviseTls(read, system, settings);
  if (read.reply !== null) return `${server} refused the connection: ${said(read, settings)}.`;
  if (system === 'ECONNREFUSED') {
    return `Nothing listens at ${server}. Check host and port: 587 for smtp://, 465 for smtps://.`;
  }
  if (timedOut || read.code === 'ETIMEDOUT' || system === 'ETIMEDOUT') {
    const hint = settings.encryption === 'implicit' ? 'If the server expects STARTTLS, use smtp:// and port 587. ' : '';
    return `${server} does not answer. ${hint}Many hosting companies block outgoing ports 25, 465 and 587; ask yours.`;
  }
  return `The connection to ${server} broke (${system ?? 'closed by the server'}). Check host, port and smtp:// or smtps://.`;
}

function adviseTls(read: SmtpError, system: string | null, settings: SmtpSettings): string {
  const { server } = settings;
  if (read.command === 'STARTTLS' || read.command === 'EHLO') {
    return `${server} does not offer STARTTLS, which is required here. Use smtps:// and port 465, or tls=0 on a trusted network.`;
  }
  if (/ERR_SSL|EPROTO/.test(system ?? '')) {
    return `${server} does not speak TLS as expected (${system}). Use smtp:// for STARTTLS on 587, smtps:// for 465.`;
  }
  const reason = system === null || system === 'ETLS' ? '' : ` (${system})`;
  return `The certificate of ${server} is not trusted${reason}. Use the host name it was issued for, or give its authority with ca=/path/to/ca.pem.`;
}

function adviseLogin(read: SmtpError, settings: SmtpSettings): string {
  return `${settings.server} refused the login: ${said(read, settings)}. ${loginCure(read, settings)}`;
}

function loginCure(read: SmtpError, { host, login }: SmtpSettings): string {
  if (login === null) return 'Give user and password in the DSN.';
  if (/(^|\.)(gmail|googlemail|google)\.com$/.test(host)) {
    return 'Gmail wants an app password: turn on 2-Step Verification, then make one at myaccount.google.com/apppasswords.';
  }
  if (/(^|\.)(office365|outlook)\.com$/.test(host) || /5\.7\.139|SmtpClientAuthentication/i.test(read.response)) {
    return 'Office 365 has SMTP AUTH disabled by default: enable "Authenticated SMTP" for this mailbox in the admin centre.';
  }
  if (/(^|\.)sendgrid\.net$/.test(host)) {
    return 'SendGrid wants the user name apikey (that very word) and an API key as the password.';
  }
  if (/(^|\.)amazonaws\.com$/.test(host)) {
    return 'Amazon SES wants SMTP credentials made in the SES console of that region, not an access key.';
  }
  return 'Check user and password, and that special characters in them are percent-encoded.';
}

function said(read: SmtpError, { login }: SmtpSettings): string {
  const secrets = login === null ? [] : [login.user, login.password];
  return read.response === '' ? 'it offers no usable mechanism' : safeDetail(read.response, secrets).replace(/\.$/, '');
}
