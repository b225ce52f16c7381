import { gsm7Codes } from './gsm7.ts';
import type { LongForm } from './settings.ts';

/** Fields of `submit_sm` that carry one part of a text. */
export interface Part {
  /** 0 = the centre's default alphabet (GSM 7 bit, one septet per octet), 8 = UCS-2. */
  readonly data_coding: 0 | 8;
  /** 0x40 = the text begins with a header. */
  readonly esm_class: 0 | 0x40;
  readonly short_message: Buffer;
  readonly message_payload?: Buffer;
  readonly sar_msg_ref_num?: number;
  readonly sar_total_segments?: number;
  readonly sar_segment_seqnum?: number;
}

interface Encoded {
  readonly coding: 0 | 8;
  /** One buffer per sign, so that none is cut in two. */
  readonly signs: readonly Buffer[];
  /** Octets of a text alone, and of one part of several. */
  readonly alone: number;
  readonly part: number;
}

/** The parts of a text, one when it fits. `reference` ties several together: the same text sent again must have the same. */
export function partsOf(text: string, long: LongForm, reference: number): readonly Part[] {
  const { coding, signs, alone, part } = encode(text);
  const whole = Buffer.concat(signs);
  const base = { data_coding: coding, esm_class: 0 } as const;
  if (whole.length <= alone) return [{ ...base, short_message: whole }];
  if (long === 'payload') return [{ ...base, short_message: Buffer.alloc(0), message_payload: whole }];
  const pieces = split(signs, part);
  return pieces.map((piece, index) => {
    const place = { total: pieces.length, number: index + 1, reference };
    return long === 'sar' ? { ...base, short_message: piece, ...sarFields(place) } : withHeader(base, piece, place);
  });
}

function encode(text: string): Encoded {
  const signs = Array.from(text);
  const codes = signs.map(gsm7Codes);
  if (codes.every((code) => code !== null))
    return { coding: 0, signs: codes.map((code) => Buffer.from(code)), alone: 160, part: 153 };
  return { coding: 8, signs: signs.map((sign) => Buffer.from(sign, 'utf16le').swap16()), alone: 140, part: 134 };
}

function split(signs: readonly Buffer[], capacity: number): readonly Buffer[] {
  const parts: Buffer[][] = [[]];
  let used = 0;
  for (const sign of signs) {
    if (used + sign.length > capacity) {
      parts.push([]);
      used = 0;
    }
    parts.at(-1)?.push(sign);
    used += sign.length;
  }
  return parts.map((part) => Buffer.concat(part));
}

interface Place {
  readonly total: number;
  /** From 1. */
  readonly number: number;
  readonly reference: number;
}

function sarFields({ total, number, reference }: Place): Partial<Part> {
  return { sar_msg_ref_num: reference & 0xffff, sar_total_segments: total, sar_segment_seqnum: number };
}

/** The concatenation header of 3GPP TS 23.040 section 9.2.3.24.1. */
function withHeader(base: Pick<Part, 'data_coding'>, piece: Buffer, { total, number, reference }: Place): Part {
  const header = Buffer.from([5, 0, 3, reference & 0xff, total, number]);
  return { ...base, esm_class: 0x40, short_message: Buffer.concat([header, piece]) };
}
