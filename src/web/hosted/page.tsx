import type { PropsWithChildren } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { SUPPORTED_LOCALES } from '../../core/locale.ts';
import { LANGUAGES } from '../../core/texts/languages.ts';
import { assetPath, MARK, type Asset } from '../assets.ts';
import { Icon, type IconName } from '../components/icon.tsx';
import { Document } from '../components/layout.tsx';
import type { Tone } from '../components/tone.ts';
import { href } from '../site.ts';
import { visible } from '../visible.ts';
import { accentPath } from './accent.ts';
import { fill } from './locale.ts';
import { logoPath } from '../logo.ts';
import type { Visit } from './visit.ts';

type HostedPageProps = PropsWithChildren<{
  readonly visit: Visit;
  readonly title: string;
  /** The title begins with the word for an error. */
  readonly failed?: boolean;
  readonly scripts?: readonly Asset[];
}>;

/** A page in the application's name, colour and in the reader's language. */
export function HostedPage({ visit, title, failed, scripts, children }: HostedPageProps): JSX.Element {
  const { options, application, language } = visit;
  const brand = brandOf(visit);
  const logo = logoPath(application);
  return (
    <Document
      site={options}
      title={failed === true ? `${language.words.error}: ${title}` : title}
      lang={language.locale}
      dir={language.dir}
      class="public hosted"
      product={brand}
      scripts={scripts ?? []}
      styles={application.accent === null ? [] : [accentPath(application.accent)]}
    >
      <header class="public-top">
        <span class="brand">
          {logo === null ? <bdi>{brand}</bdi> : <img class="logo" src={href(options, logo)} alt={brand} />}
        </span>
      </header>
      <main id="main">{children}</main>
      <footer class="public-foot">
        <span class="row">
          <img src={href(options, assetPath(MARK))} alt="" width="18" height="18" />
          <span>{fill(language.words.by, { name: 'Watchword' })}</span>
        </span>
        <LanguageSwitch visit={visit} />
      </footer>
    </Document>
  );
}

/** The application's name for itself, as it may stand on a page. */
export function brandOf({ application }: Visit): string {
  return visible(application.brand);
}

/** What happened, and the ways on (the children). */
export function EndPage(
  props: PropsWithChildren<{ visit: Visit; title: string; icon: IconName; tone: Tone; text?: string | JSX.Element }>,
): JSX.Element {
  const { visit, title, icon, tone, text, children } = props;
  return (
    <HostedPage visit={visit} title={title}>
      <Icon name={icon} class={`sign is-${tone}`} />
      <div class="stack" role={tone === 'warn' || tone === 'bad' ? 'alert' : 'status'}>
        <h1>{title}</h1>
        {text === undefined ? null : <p>{text}</p>}
      </div>
      {children}
    </HostedPage>
  );
}

/** A form that chooses the language. It reloads this very page, so it carries what the address says. */
function LanguageSwitch({ visit }: { visit: Visit }): JSX.Element {
  const { query, language } = visit;
  const kept = [...query].filter(([name]) => name !== 'lang' && name !== 'e');
  return (
    <form method="get" class="row language">
      {kept.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <select class="input" name="lang" aria-label={language.words.language} autocomplete="off">
        {SUPPORTED_LOCALES.map((locale) => (
          <option value={locale} lang={locale} selected={locale === language.locale}>
            {LANGUAGES[locale].name}
          </option>
        ))}
      </select>
      <button class="btn btn-small">{language.words.language}</button>
    </form>
  );
}
