import type { EventData, EventType, VerificationEvent } from '../../core/events.ts';
import type { Actor } from '../../core/verification.ts';

type Packed = [
  id: string,
  type: EventType,
  data: EventData,
  actorType: Actor['type'],
  actorId: string | null,
  createdAt: number,
];

type PackedAlone = Packed extends [string, ...infer Rest] ? Rest : never;

/** What tells about a person in an event and goes when the person is erased. */
const PERSONAL = ['ip', 'user_agent'] as const;

/** The events of one commit as one packed text. */
export function packEvents(events: readonly VerificationEvent[]): string {
  return JSON.stringify(
    events.map((event): Packed => [
      event.id,
      event.type,
      event.data,
      event.actor.type,
      event.actor.id,
      event.createdAt,
    ]),
  );
}

/** The events back from {@link packEvents}. */
export function unpackEvents(body: string): VerificationEvent[] {
  return (JSON.parse(body) as Packed[]).map(([id, type, data, actorType, actorId, createdAt]) => ({
    id,
    type,
    data,
    actor: { type: actorType, id: actorId },
    createdAt,
  }));
}

/** One event as a packed text; its id has a column. */
export function packEvent({ type, data, actor, createdAt }: VerificationEvent): string {
  const body: PackedAlone = [type, data, actor.type, actor.id, createdAt];
  return JSON.stringify(body);
}

/** The event back from {@link packEvent}. */
export function unpackEvent(id: string, body: string): VerificationEvent {
  const [type, data, actorType, actorId, createdAt] = JSON.parse(body) as PackedAlone;
  return { id, type, data, actor: { type: actorType, id: actorId }, createdAt };
}

/** The same events without what tells about a person. */
export function erasedEvents(body: string): string {
  return packEvents(unpackEvents(body).map(erasedEvent));
}

/** The event without what tells about a person. */
export function erasedEvent(event: VerificationEvent): VerificationEvent {
  return { ...event, data: Object.fromEntries(Object.entries(event.data).filter(([name]) => !isPersonal(name))) };
}

function isPersonal(name: string): boolean {
  return PERSONAL.some((personal) => personal === name);
}
