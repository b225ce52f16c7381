import type { AuditAction } from '../../core/audit.ts';
import type { Result } from '../../core/errors.ts';
import type { Caller, Service } from '../api.ts';
import { type AuditNote, type AuditTrail, doneBy } from './trail.ts';

type Parts = Pick<Service, 'templates' | 'directory' | 'webhooks' | 'suppressions' | 'records'>;
type Note<T> = (value: T) => Pick<AuditNote, 'action' | 'target' | 'data'>;

/** The same use cases; each administrative act that was done is noted before its answer, whoever asked for it over whatever edge. */
export function withNotes(trail: AuditTrail, parts: Parts): Parts {
  const by = notedBy(trail);
  return {
    templates: {
      ...parts.templates,
      put: (caller, input) => by(caller, parts.templates.put(caller, input), ({ id }) => act('template.changed', id)),
      remove: (caller, id) =>
        by(caller, parts.templates.remove(caller, id), () => act('template.changed', id, { change: 'removed' })),
    },
    directory: directoryNotes(by, parts),
    webhooks: webhookNotes(by, parts),
    suppressions: {
      ...parts.suppressions,
      add: (caller, input) =>
        by(caller, parts.suppressions.add(caller, input), ({ id, reason }) => {
          return { action: 'list.changed', target: id, data: { change: 'added', reason } };
        }),
      remove: (caller, to) =>
        by(caller, parts.suppressions.remove(caller, to), () => act('list.changed', null, { change: 'removed' })),
    },
    records: {
      ...parts.records,
      exportRows: (caller, input) =>
        by(caller, parts.records.exportRows(caller, input), () => act('records.exported', null, exported(input))),
      erase: (caller, to) =>
        by(caller, parts.records.erase(caller, to), ({ erased }) => act('record.erased', null, { records: erased })),
    },
  };
}

type By = <T>(
  caller: Pick<Caller, 'application' | 'actor' | 'origin'>,
  done: Promise<Result<T>>,
  note: Note<T>,
) => Promise<Result<T>>;

function notedBy(trail: AuditTrail): By {
  return async (caller, done, note) => {
    const result = await done;
    if (result.ok) await trail.note({ ...doneBy(caller), ...note(result.value) });
    return result;
  };
}

function act(
  action: AuditAction,
  target: string | null,
  data: NonNullable<AuditNote['data']> = {},
): ReturnType<Note<unknown>> {
  return { action, target, data };
}

/** Which filters an export had, as the desk notes them; an address that was searched for is none of the log's. */
function exported(input: object): { readonly filters: string } {
  return { filters: namesIn(input) };
}

/** Which fields were given, never what they hold. */
function fieldsOf(input: object): { readonly fields: string } {
  return { fields: namesIn(input) };
}

function namesIn(input: object): string {
  return Object.keys(input).toSorted().join(' ');
}

function directoryNotes(by: By, { directory }: Parts): Parts['directory'] {
  return {
    ...directory,
    put: (caller, input) => by(caller, directory.put(caller, input), ({ id }) => act('person.changed', id)),
    remove: (caller, to) => by(caller, directory.remove(caller, to), () => act('person.removed', null)),
    forgetDevices: (caller, to) =>
      by(caller, directory.forgetDevices(caller, to), ({ forgotten }) => act('devices.forgotten', null, { forgotten })),
    rebind: (caller, to) =>
      by(caller, directory.rebind(caller, to), ({ rebound }) => act('destination.rebound', null, { rebound })),
  };
}

function webhookNotes(by: By, { webhooks }: Parts): Parts['webhooks'] {
  return {
    ...webhooks,
    create: (caller, input) => by(caller, webhooks.create(caller, input), ({ id }) => act('webhook.created', id)),
    update: (caller, id, input) =>
      by(caller, webhooks.update(caller, id, input), () => act('webhook.changed', id, fieldsOf(input))),
    remove: (caller, id) => by(caller, webhooks.remove(caller, id), () => act('webhook.removed', id)),
    rotate: (caller, id) =>
      by(caller, webhooks.rotate(caller, id), () => act('webhook.changed', id, { fields: 'secret' })),
    test: (caller, id) =>
      by(caller, webhooks.test(caller, id), ({ webhook, id: delivery }) =>
        act('webhook.tested', webhook, { delivery }),
      ),
    redeliver: (caller, id) =>
      by(caller, webhooks.redeliver(caller, id), ({ webhook }) =>
        act('webhook.redelivered', webhook, { delivery: id }),
      ),
  };
}
