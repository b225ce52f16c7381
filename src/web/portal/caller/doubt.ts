import type { LineType } from '../../../core/verification.ts';
import type { PreviewView } from '../../../core/views.ts';
import type { Visit } from '../visit.ts';
import type { Typed } from './typed.ts';
import { CHANNEL_IN_TEXT } from '../../components/channel-words.ts';
import { countryInText } from '../country-name.ts';
import { aLine } from '../words.ts';

/** Something to look at before a code goes out. `key` stands for it, so that it is asked once and another number again. */
export interface Doubt {
  readonly key: string;
  readonly sentences: readonly string[];
}

/** Kinds of number that take a message without question. */
const MOBILE: ReadonlySet<LineType> = new Set(['mobile', 'fixed_line_or_mobile']);
const SPEAKING: ReadonlySet<LineType> = new Set([...MOBILE, 'fixed_line', 'voip', 'personal']);

/** Null when the number is what one would expect. Whoever may see costs is told the estimate. */
export function doubtOf(visit: Visit, typed: Typed, preview: PreviewView): Doubt | null {
  const { to, channel, estimated_cost: cost } = preview;
  if (to.type === 'email') return null;
  const sentences = [];
  if (to.country !== null && typed.country !== '' && to.country !== typed.country)
    sentences.push(`The number is of ${countryInText(to.country)}, not of ${countryInText(typed.country)}.`);
  const line = to.line_type ?? 'unknown';
  if (!(channel === 'voice' ? SPEAKING : MOBILE).has(line))
    sentences.push(`It is ${aLine(line)}: a message by ${CHANNEL_IN_TEXT[channel]} may not arrive.`);
  if (sentences.length === 0) return null;
  if (cost !== null && visit.may('costs.view')) sentences.push(`It costs up to ${cost}.`);
  return { key: `${to.masked}|${channel}`, sentences: [`The code would go to ${to.masked}.`, ...sentences] };
}
