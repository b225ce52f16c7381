import type { JSX } from 'hono/jsx/jsx-runtime';
import { notMeTexts, type NotMeTexts } from '../../core/texts/not-me.ts';
import type { NotMeView } from '../../service/api.ts';
import { Icon, type IconName } from '../components/icon.tsx';
import { Document } from '../components/layout.tsx';
import { assetPath, MARK } from '../assets.ts';
import { href, type Site } from '../site.ts';

const RTL = new Set(['ar', 'he', 'fa', 'ur']);

interface Shown {
  readonly icon: IconName;
  readonly tone: 'good' | 'calm' | 'warn';
  readonly title: string;
  readonly detail: string;
  /** The one thing to do, null when nothing is left. */
  readonly button: string | null;
}

/** What the holder of a link may do, in the language of the message. `view` is null for a link that does not work. */
export function NotMePage({
  site,
  view,
  language,
}: {
  site: Site;
  view: NotMeView | null;
  /** The reader's, where no message tells. */
  language: string | null;
}): JSX.Element {
  const { locale, texts } = notMeTexts(view === null ? language : view.locale);
  const shown = shownOf(texts, view);
  const brand = view === null || view.brand === '' ? 'Watchword' : view.brand;
  const say = (text: string): JSX.Element => <Filled text={text} brand={brand} to={view?.to ?? ''} />;
  return (
    <Document
      site={site}
      title={shown.title}
      lang={locale}
      dir={RTL.has(locale) ? 'rtl' : 'ltr'}
      class="public"
      product={brand}
    >
      <header class="public-top">
        <span class="brand">
          <bdi>{brand}</bdi>
        </span>
      </header>
      <main id="main">
        <Icon name={shown.icon} class={`sign is-${shown.tone}`} />
        <div class="stack">
          <h1>{shown.title}</h1>
          <p>{say(shown.detail)}</p>
        </div>
        {shown.button === null ? null : (
          <form method="post" class="stack">
            <button class="btn btn-main btn-wide" name="act" value="cancel">
              {shown.button}
            </button>
            {view?.suppressed === true ? null : (
              <>
                <button class="btn btn-wide" name="act" value="suppress" aria-describedby="suppress-hint">
                  {texts.suppress}
                </button>
                <p class="hint" id="suppress-hint">
                  {say(texts.suppressHint)}
                </p>
              </>
            )}
          </form>
        )}
      </main>
      <footer class="public-foot">
        <span class="row">
          <img src={href(site, assetPath(MARK))} alt="" width="18" height="18" />
          <bdi lang="en">Watchword</bdi>
        </span>
      </footer>
    </Document>
  );
}

function shownOf(texts: NotMeTexts, view: NotMeView | null): Shown {
  if (view === null)
    return { icon: 'clock', tone: 'calm', title: texts.goneTitle, detail: texts.goneDetail, button: null };
  if (view.state === 'open')
    return { icon: 'lock', tone: 'warn', title: texts.title, detail: texts.detail, button: texts.cancel };
  if (view.state === 'closed')
    return { icon: 'clock', tone: 'calm', title: texts.closedTitle, detail: texts.closedDetail, button: texts.report };
  return view.suppressed
    ? { icon: 'tick', tone: 'good', title: texts.suppressedTitle, detail: texts.suppressedDetail, button: null }
    : { icon: 'tick', tone: 'good', title: texts.canceledTitle, detail: texts.canceledDetail, button: null };
}

/** Names and masked addresses keep their own direction. */
function Filled({ text, brand, to }: { text: string; brand: string; to: string }): JSX.Element {
  return (
    <>
      {text.split(/(\{brand\}|\{to\})/).map((part) => {
        if (part === '{brand}') return <bdi>{brand}</bdi>;
        if (part === '{to}')
          return (
            <bdi dir="ltr" class="mask">
              {to}
            </bdi>
          );
        return part;
      })}
    </>
  );
}
