import type { JSX } from 'hono/jsx/jsx-runtime';
import type { VerificationView } from '../../core/views.ts';
import type { Visit } from './visit.ts';

/** “We sent the code to …”, with the masked destination in its own direction of writing. */
export function SentTo({ visit, to }: { visit: Visit; to: VerificationView['to'] }): JSX.Element {
  const [before = '', after = ''] = visit.language.words.sentTo.split('{to}');
  return (
    <>
      {before}
      <bdi class="mask">{to.masked}</bdi>
      {after}
    </>
  );
}
