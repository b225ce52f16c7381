import { CHANNELS, type ChannelName } from '../core/verification.ts';
import { PROVIDERS } from './providers/index.ts';
import type { ProviderSpec } from './provider/spec.ts';

/** A line of the matrix. */
interface Line {
  readonly title: string;
  readonly scheme: string;
  readonly channels: readonly ChannelName[];
  readonly receipts: string;
  /** Where cost and parts are told. */
  readonly cost: string;
  readonly parts: string;
  readonly price: string;
  readonly page: string;
}

/** Providers whose pages have another name than their scheme. */
const PAGES: Readonly<Record<string, string>> = { 'vonage-voice': 'vonage' };

const UNTOLD = { cost: '–', parts: '–' } as const;

/** What is no HTTP provider. */
const OTHERS: readonly Line[] = [
  {
    title: 'Any mail server',
    scheme: 'smtp',
    channels: ['email'],
    receipts: 'none',
    ...UNTOLD,
    price: '–',
    page: 'smtp',
  },
  {
    title: 'Any message centre (SMPP 3.4)',
    scheme: 'smpp',
    channels: ['sms'],
    receipts: 'connection',
    ...UNTOLD,
    price: 'per part',
    page: 'smpp',
  },
  {
    title: 'Your own gateway',
    scheme: 'webhook',
    channels: CHANNELS,
    receipts: 'callback',
    ...UNTOLD,
    price: '–',
    page: 'webhook',
  },
  { title: 'A program', scheme: 'exec', channels: CHANNELS, receipts: 'none', ...UNTOLD, price: '–', page: 'exec' },
  { title: 'A file', scheme: 'file', channels: CHANNELS, receipts: 'none', ...UNTOLD, price: '–', page: 'file' },
  {
    title: 'The terminal',
    scheme: 'console',
    channels: CHANNELS,
    receipts: 'none',
    ...UNTOLD,
    price: '–',
    page: 'console',
  },
  {
    title: 'The development inbox',
    scheme: 'inbox',
    channels: CHANNELS,
    receipts: 'none',
    ...UNTOLD,
    price: '–',
    page: 'inbox',
  },
  {
    title: 'The sandbox',
    scheme: 'sandbox',
    channels: CHANNELS,
    receipts: 'none',
    ...UNTOLD,
    price: '–',
    page: 'sandbox',
  },
];

/** docs/reference/providers.md. */
export function providersPage(): string {
  const lines = [...Object.values(PROVIDERS).map(lineOf), ...OTHERS];
  return `# Providers

<!-- Made from src/channels by npm run generate. -->

Each provider is one line in a setting (\`WATCHWORD_SMS\`, \`WATCHWORD_EMAIL\`, …): \`scheme://user:password@default?option=value\`. Several,
separated by spaces, are tried in order. Requests and answers were checked against local servers that speak each provider's
published protocol; **no live account was used**.

| provider | scheme | ${CHANNELS.join(' | ')} | receipts | cost | parts | price |
| --- | --- | ${CHANNELS.map(() => ':-:').join(' | ')} | --- | --- | --- | --- |
${lines.map(row).join('\n')}

Receipts by *callback* are posted to \`<public url>/callbacks/<scheme>\`; where a *question* can be asked, Watchword asks up to eight times
in the hour and a half after the message, if no callback is set (Twilio: if the line says \`poll=1\`). What a message cost and how many
parts it had is told in the *answer* to it, in the *report*, or to a question; else the line's \`price\` and our own count stand in.

Every line takes, beside its own options, which messages it is for:

| option | meaning |
| --- | --- |
| \`route_countries=US,CA\` | numbers of these countries only |
| \`route_prefixes=%2B44,%2B353\` | numbers that begin like this only |
| \`route_purposes=login,payment\` | these purposes only |
| \`route_weight=3\` | its share of the first tries among the lines that have a weight; those without follow as listed |
| \`route_adaptive=10\` | its weight follows the measured conversion, but for 10 of 100 messages |
| \`route_max_price=0.05\` | only where one part costs no more, by its own \`price\` |
| \`route_by_price=1\` | of the lines that say so the cheapest is asked first, before all others |
| \`price=US:0.0079,%2B4479:0.05,*:0.04\` | what one SMS part, call or other message costs: by beginning of the number, country, or the rest |
| \`price_currency=EUR\` | the currency of \`price\`, USD without it |
| \`timeout_ms=3000\` | how long one call may take, 1000 to 10000 ms; 10000 without it |
| \`tls=0\` | plain http, for a provider's place taken by a server of your own (\`@127.0.0.1:9000\`) |

A provider that does not answer five times in a row rests for 5 s to a minute, with one trial at a time; one that failed in a
verification is asked last for its next message.
`;
}

function lineOf({ title, scheme, channels, receipts, poll, tells = {}, priceUnit }: ProviderSpec): Line {
  return {
    title,
    scheme,
    channels,
    receipts: poll === undefined ? receipts : `${receipts} or question`,
    cost: tells.price ?? '–',
    parts: tells.segments ?? '–',
    price: priceUnit,
    page: PAGES[scheme] ?? scheme,
  };
}

function row({ title, scheme, channels, receipts, cost, parts, price, page }: Line): string {
  const marks = CHANNELS.map((channel) => (channels.includes(channel) ? '●' : ''));
  const cells = [`[${title}](../channels/${page}.md)`, `\`${scheme}\``, ...marks, receipts, cost, parts, price];
  return `| ${cells.join(' | ')} |`;
}
