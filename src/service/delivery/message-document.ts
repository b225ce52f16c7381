import type { Send } from '../../core/verification.ts';
import type { Channel } from '../../ports/channel.ts';
import type { CommittedDocument, StoredDocument } from '../../ports/documents.ts';

export const MESSAGE_KIND = 'provider_message';
/** Providers report for days at most. */
const KEEP_MS = 7 * 86_400_000;
/** Longer ids are not kept: no provider gives any. */
const MOST_ID = 240;

/** Which message a provider's id stands for. */
export interface Place {
  readonly verification: string;
  readonly send: string;
}

/** By which a later report finds the message; null when the provider posts none. */
export function messageDocument(send: Send, channel: Channel | undefined, now: number): CommittedDocument | null {
  const isTold =
    channel !== undefined &&
    (channel.report !== undefined || channel.poll !== undefined || channel.tellsReports === true);
  if (!isTold || send.providerMessageId === null) return null;
  const id = `${channel.name}|${send.providerMessageId}`;
  if (id.length > MOST_ID) return null;
  const place: Place = { verification: send.verification, send: send.id };
  const body = JSON.stringify(place);
  const { application } = send;
  return {
    kind: MESSAGE_KIND,
    id,
    application,
    index: null,
    version: 1,
    body,
    createdAt: now,
    dueAt: null,
    endsAt: now + KEEP_MS,
  };
}

export function placeFrom({ body }: StoredDocument): Place {
  return JSON.parse(body) as Place;
}
