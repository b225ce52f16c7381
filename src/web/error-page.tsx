import { PublicPage } from './components/layout.tsx';
import { Icon, type IconName } from './components/icon.tsx';
import type { Tone } from './components/tone.ts';
import { htmlAnswer, renderPage } from './answer.ts';
import { home, type Site } from './site.ts';

interface ErrorText {
  readonly title: string;
  readonly detail: string;
  readonly icon: IconName;
  readonly tone: Tone;
  /** `again` loads the same address, `home` leads away from it. */
  readonly ways: readonly ('again' | 'home')[];
}

/** What each status says: what happened, why, and the way on. */
const ERROR_TEXTS = {
  403: {
    title: 'You may not see this page',
    detail: 'The request came from another site, or this address is not open to you.',
    icon: 'lock',
    tone: 'calm',
    ways: ['home'],
  },
  404: {
    title: 'There is no page here',
    detail: 'The address may be mistyped, or the record’s retention time is over and it was deleted.',
    icon: 'tray',
    tone: 'calm',
    ways: ['home'],
  },
  413: {
    title: 'This is too large',
    detail: 'Nothing was saved. Go back and send less: a smaller file, or fewer lines at a time.',
    icon: 'triangle',
    tone: 'calm',
    ways: ['home'],
  },
  429: {
    title: 'Too many tries',
    detail: 'Wait a few minutes, then load this page again. This protects everyone who uses it.',
    icon: 'clock',
    tone: 'warn',
    ways: ['again'],
  },
  500: {
    title: 'Something went wrong on our side',
    detail: 'Nothing was sent and nothing was changed. Try once more. If it happens again, tell your administrator.',
    icon: 'triangle',
    tone: 'bad',
    ways: ['again', 'home'],
  },
  503: {
    title: 'Watchword is busy or restarting',
    detail: 'Codes already sent stay valid. This page can be loaded again in a few seconds.',
    icon: 'clock',
    tone: 'warn',
    ways: ['again'],
  },
} as const satisfies Readonly<Record<number, ErrorText>>;

export type ErrorStatus = keyof typeof ERROR_TEXTS;

/** What a part of the site says better than the common text. */
export interface ErrorDetails {
  readonly detail?: string;
  readonly home?: Destination;
  /** When to load it again, in seconds; without it 503 says a few, and others nothing. */
  readonly retryAfter?: number;
}

/** Where a button leads. `path` is whole, with the base path. */
interface Destination {
  readonly path: string;
  readonly word: string;
}

const RETRY_AFTER_SECONDS = 5;

/**
 * The page for a request that fails, with every header a page needs. `requestId` is what a reader quotes when they ask for
 * help; null when the request has none.
 */
export async function renderErrorPage(
  status: ErrorStatus,
  requestId: string | null,
  site: Site,
  more: ErrorDetails = {},
): Promise<Response> {
  const text: ErrorText = ERROR_TEXTS[status];
  const page = (
    <PublicPage site={site} title={text.title}>
      <Icon name={text.icon} class={`sign is-${text.tone}`} />
      <div class="stack">
        <h1>{text.title}</h1>
        <p>{more.detail ?? text.detail}</p>
      </div>
      <div class="row">
        {text.ways.map((way, index) => (
          <WayOn way={way} main={index === 0} to={more.home ?? homeOf(site)} />
        ))}
      </div>
      {requestId === null ? null : (
        <p class="small quiet">
          If you ask for help, give this: <span class="mono">{requestId}</span>
        </p>
      )}
    </PublicPage>
  );
  const { retryAfter = status === 503 ? RETRY_AFTER_SECONDS : null } = more;
  const headers: Record<string, string> = retryAfter === null ? {} : { 'Retry-After': String(retryAfter) };
  return htmlAnswer(site, status, await renderPage(page), headers);
}

function homeOf(site: Site): Destination {
  return { path: home(site), word: site.mode === 'development' ? 'Go to the welcome page' : 'Go to the desk' };
}

function WayOn({ way, main, to }: { way: 'again' | 'home'; main: boolean; to: Destination }) {
  return (
    <a class={main ? 'btn btn-main' : 'btn'} href={way === 'again' ? '' : to.path}>
      {way === 'again' ? 'Load again' : to.word}
    </a>
  );
}
