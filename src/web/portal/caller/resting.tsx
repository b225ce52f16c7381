import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ChannelChoice } from '../../../service/api.ts';
import { Flash } from '../../components/flash.tsx';
import type { Visit } from '../visit.ts';
import { secondsText } from './clock.tsx';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { nameOf } from '../words.ts';

/** Says which channels nobody answers on, when they are tried again, and what works meanwhile. */
export function Resting({ visit, channels }: { visit: Visit; channels: readonly ChannelChoice[] }): JSX.Element | null {
  const dead = channels.filter(({ restingUntil }) => restingUntil !== null);
  if (dead.length === 0) return null;
  const working = channels.filter(({ restingUntil }) => restingUntil === null);
  const names = [...new Set(dead.flatMap(({ providers }) => providers.map(nameOf)))];
  const next = Math.min(...dead.map(({ restingUntil }) => restingUntil ?? Infinity));
  return (
    <Flash tone="bad">
      <strong>
        {listed(dead.map(({ channel }) => CHANNEL_WORDS[channel]))} {dead.length === 1 ? 'is' : 'are'} not going out.
      </strong>{' '}
      {listed(names)} stopped answering. We try again at {secondsText(visit, new Date(next).toISOString())}.{' '}
      {working.length === 0
        ? ''
        : `${listed(working.map(({ channel }) => CHANNEL_WORDS[channel]))} ${working.length === 1 ? 'works' : 'work'}. `}
      Codes sent before can still be entered.
    </Flash>
  );
}

function listed(words: readonly string[]): string {
  const [last = '', ...others] = words.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`;
}
