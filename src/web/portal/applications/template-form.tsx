import type { JSX } from 'hono/jsx/jsx-runtime';
import { PLACEHOLDER_NAMES } from '../../../core/templates/placeholders.ts';
import type { TemplatePreviewView, TemplateView } from '../../../core/templates/views.ts';
import { CHANNELS } from '../../../core/verification.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { Flash } from '../../components/flash.tsx';
import { Pre } from '../../components/pre.tsx';
import { href } from '../../site.ts';
import type { Visit } from '../visit.ts';
import { FormErrors, LinesControl, SelectControl, TextControl, TicksControl } from './controls.tsx';
import type { Scope } from './scope.ts';
import type { Errors, Typed } from './typed.ts';

interface FormProps {
  readonly visit: Visit;
  readonly scope: Scope;
  readonly typed: Typed;
  readonly errors: Errors;
  readonly preview: TemplatePreviewView | undefined;
  readonly saved: TemplateView | undefined;
}

const PLACES = PLACEHOLDER_NAMES.map((name) => `{${name}}`).join(', ');

/** The words of a message, and beside them what it would be. No script: looking at it is a button like saving. */
export function TemplateForm({ visit, scope, typed, errors, preview, saved }: FormProps): JSX.Element {
  const path = `${scope.path}/templates/${saved?.id ?? 'new'}`;
  const common = { typed, errors, fixed: saved?.managed ?? false };
  return (
    <div class="cols cols-half">
      <form class="card" method="post" action={href(visit.options, path)}>
        <h2>Words</h2>
        {common.fixed ? <Flash tone="info">The configuration file sets these words. Change them there.</Flash> : null}
        <FormErrors errors={errors} />
        <Where common={common} saved={saved} />
        <TextControl {...common} id="subject" label="Subject" hint="Of an e-mail; never with {code}." maxlength={300} />
        <LinesControl {...common} id="text" label="Text" hint={`Between braces only ${PLACES}.`} rows={5} needed />
        <LinesControl {...common} id="html" label="HTML" hint="Of an e-mail; made from the text when empty." />
        <TicksControl
          {...common}
          id="allow_links"
          label="Links"
          choices={[['yes', 'Plain https links may stand in it']]}
        />
        {common.fixed ? null : (
          <div class="row">
            <button class="btn btn-main" name="act" value="save">
              Save the words
            </button>
            <button class="btn" name="act" value="preview">
              Look at it
            </button>
            {saved === undefined ? null : (
              <a class="btn btn-danger" href={href(visit.options, `${path}/remove`)}>
                Remove
              </a>
            )}
          </div>
        )}
      </form>
      <Preview preview={preview} />
    </div>
  );
}

type Common = { typed: Typed; errors: Errors; fixed: boolean };

/** What the words are for: chosen once, for they are the template's name. */
function Where({ common, saved }: { common: Common; saved: TemplateView | undefined }): JSX.Element {
  const { typed } = common;
  if (saved !== undefined)
    return (
      <>
        <input type="hidden" name="channel" value={typed['channel']} />
        <input type="hidden" name="purpose" value={typed['purpose']} />
        <input type="hidden" name="locale" value={typed['locale']} />
        <p>
          {CHANNEL_WORDS[saved.channel]}, purpose {typed['purpose'] || 'any'}, language {typed['locale'] || 'any'}
        </p>
      </>
    );
  return (
    <div class="fields-2">
      <SelectControl
        {...common}
        id="channel"
        label="Channel"
        choices={CHANNELS.map((name) => [name, CHANNEL_WORDS[name]] as const)}
      />
      <TextControl {...common} id="purpose" label="Purpose" hint="Any when empty." maxlength={40} />
      <TextControl {...common} id="locale" label="Language" hint="Such as de. Any when empty." maxlength={35} />
    </div>
  );
}

function Preview({ preview }: { preview: TemplatePreviewView | undefined }): JSX.Element {
  if (preview === undefined)
    return (
      <section class="card">
        <h2>The message</h2>
        <p class="quiet">“Look at it” shows the message here, with dots for the code. Nothing is saved by looking.</p>
      </section>
    );
  const { subject, text, encoding, segments, warnings, estimated_cost: cost, locale } = preview;
  const facts = [
    ['Language', locale],
    ['Alphabet', encoding === null ? null : encoding === 'gsm7' ? 'GSM 7-bit' : 'UCS-2'],
    ['SMS parts', segments === null ? null : String(segments)],
    ['Cost', cost],
  ].filter((fact): fact is [string, string] => fact[1] !== null);
  return (
    <section class="card">
      <h2>The message</h2>
      {subject === null ? null : (
        <p>
          <strong>{subject}</strong>
        </p>
      )}
      <Pre label="The message">{text}</Pre>
      <dl class="facts">
        {facts.map(([word, value]) => (
          <div>
            <dt>{word}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {warnings.map((warning) => (
        <Flash tone="warn">{warning}</Flash>
      ))}
    </section>
  );
}
