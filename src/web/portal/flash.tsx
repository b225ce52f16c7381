import type { JSX } from 'hono/jsx/jsx-runtime';
import { Flash } from '../components/flash.tsx';
import { href } from '../site.ts';
import { deskCookie, setDeskCookie } from './cookies.ts';
import type { Visit } from './visit.ts';

/** What is said on the next page after a form: a sentence in bold and what follows it. Plain text. */
export interface FlashNote {
  readonly tone: 'good' | 'bad' | 'info' | 'warn';
  readonly title: string;
  readonly text?: string;
  /** Said at this field of the page instead of above it. */
  readonly field?: string;
}

const LIFE_SECONDS = 60;

/** A cookie with the note, sealed for the session, so that nobody else can put words on the desk's pages. */
export function flashCookie({ service, options, staff }: Visit, note: FlashNote): string {
  const text = service.staff.seals.seal('flash', JSON.stringify(note), staff.session);
  return setDeskCookie(options, 'flash', text, LIFE_SECONDS);
}

/** The note that the form before left, or null. */
export function flashOf({ service, options, request, staff }: Visit): FlashNote | null {
  const text = deskCookie(request, options, 'flash');
  const opened = text === '' ? null : service.staff.seals.open('flash', text, staff.session);
  return opened === null ? null : (JSON.parse(opened) as FlashNote);
}

/** The note as it stands above the page; it is dismissed by loading the page again. */
export function FlashLine({ visit, note }: { visit: Visit; note: FlashNote }): JSX.Element {
  const { pathname, search } = visit.url;
  return (
    <Flash tone={note.tone} dismiss={href(visit.options, `${pathname}${search}`)}>
      <strong>{note.title}</strong>
      {note.text === undefined ? null : ` ${note.text}`}
    </Flash>
  );
}
