import DKIM from 'nodemailer/lib/dkim';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Message } from '../../ports/channel.ts';
import type { Mailbox } from './settings.ts';

/** Signs finished messages; the key is PEM. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  readonly privateKey: string;
}

/** The Message-ID of a send: the same at every try, so that a mailbox can tell a duplicate. */
export function messageIdOf(sendId: string, from: Mailbox): string {
  return `<${sendId}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`;
}

/** The message in its wire form, CRLF line ends. The same input gives the same bytes but for the date. */
export async function composeMime(message: Message, from: Mailbox, date: Date): Promise<Buffer> {
  const composer = new MailComposer({
    from,
    // As an object: nodemailer then parses nothing, so no address can turn into two.
    to: { name: '', address: message.to },
    subject: message.subject ?? '',
    text: message.text,
    ...(message.html === null ? {} : { html: message.html }),
    messageId: messageIdOf(message.sendId, from),
    date,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': message.locale.replace(/[^A-Za-z0-9-]/g, ''),
    },
    baseBoundary: message.sendId,
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

/** The message with a DKIM-Signature on top. Throws when the key cannot sign. */
export async function signDkim(mime: Buffer, key: DkimKey): Promise<Buffer> {
  const dkim = new DKIM({ domainName: key.domain, keySelector: key.selector, privateKey: key.privateKey });
  const chunks: Buffer[] = [];
  for await (const chunk of dkim.sign(mime)) chunks.push(Buffer.from(chunk));
  const signed = Buffer.concat(chunks);
  if (!/^DKIM-Signature:/i.test(signed.subarray(0, 20).toString('latin1')))
    throw new Error('The DKIM key cannot sign.');
  return signed;
}
