// A store in the memory of one process, written from docs/own-store.md alone: for tests, and to start a store of your own from.
// A real one keeps the same promises in its database: everything that is one function here is one transaction there.
import {
  counterName,
  defaultApplication,
  effectiveStatus,
  erased,
  erasedEvent,
  failedCounts,
  failuresKeptUntil,
  hitCounter,
  isDestinationHit,
  newId,
  refusalOf,
  subjectOf,
  utcDay,
  WatchwordError,
} from 'watchword/store';

const DAY_MS = 86_400_000;
const INBOX_MS = 600_000;
const CLAIM_MS = 60_000;
const DEVICE_MS = 400 * DAY_MS;
const FRESH = { round: 0, refused: [], unknown: false, crashes: 0 };

/** What a database would hold. */
export function emptyDatabase() {
  return {
    newest: 0,
    records: new Map(),
    events: new Map(),
    sends: new Map(),
    sendTimes: [],
    longestWindowMs: DAY_MS,
    counters: new Map(),
    failures: new Map(),
    devices: new Map(),
    totals: new Map(),
    applications: new Map(),
    policies: new Map(),
    keys: new Map(),
    people: new Map(),
    claims: new Map(),
    inbox: new Map(),
    documents: new Map(),
  };
}

/** How many rows it holds but the daily totals, which stay. */
export function rowsOf({ totals: _, ...tables }) {
  const sizes = Object.values(tables).map((table) => table.size ?? table.length ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** `now`: the host's clock, epoch ms. Stores with the same `data` are like processes on one database. */
export function createMemoryStore({ now = Date.now, data = emptyDatabase() } = {}) {
  let told = 0;
  const time = () => (told = Math.max(told, now(), data.newest));
  if (data.applications.size === 0) {
    const first = defaultApplication(newId('app', now(), random()), now());
    data.applications.set(first.id, first);
  }
  return {
    verifications: verdicts(data, time),
    outbox: outbox(data),
    records: records(data),
    applications: applications(data),
    keys: keys(data),
    directory: directory(data),
    idempotency: idempotency(data),
    inbox: inbox(data),
    destinations: destinations(data),
    documents: documents(data),
    queue: null,
    tasks: [],
    health: async () => ({
      ok: true,
      reason: null,
      clockBehindMs: Math.max(0, data.newest - now()),
      clockSkewMs: null,
    }),
    close: async () => undefined,
  };
}

function verdicts(data, time) {
  const open = (subject) => [...data.records.values()].find((record) => subjectOf(record) === subject) ?? null;

  /** One commit: nothing is written before everything was asked. */
  function commit(record, changes) {
    const at = time();
    const refusal = refusalOf(countsOf(data, at), changes.take, at);
    if (refusal !== null) return { type: 'refused', refusal };
    const subject = subjectOf(record);
    const isNew = !data.records.has(record.id);
    if (isNew && subject !== null && open(subject) !== null) return { type: 'subject_busy' };
    data.newest = at;
    data.records.set(record.id, record);
    write(data, record, changes, at);
    return null;
  }

  return {
    time: async () => time(),
    get: async (id) => ({ record: data.records.get(id) ?? null, now: time() }),
    newestOpen: async (subject) => ({ record: open(subject), now: time() }),
    async insert(record, changes) {
      if (data.records.has(record.id)) throw new Error('There is such a record already.');
      return commit(record, changes) ?? { type: 'inserted' };
    },
    async replace(record, expectedVersion, changes) {
      if (data.records.get(record.id)?.version !== expectedVersion) return { type: 'conflict' };
      return commit(record, changes) ?? { type: 'replaced' };
    },
    due: async (at, limit) =>
      [...data.records.values()]
        .filter((record) => record.digest !== null && record.dueAt !== null && record.dueAt <= at)
        .toSorted((a, b) => a.dueAt - b.dueAt)
        .slice(0, limit)
        .map(({ id }) => id),
  };
}

/** What limits are decided from. */
function countsOf(data, at) {
  const found = (rows, names) => names.flatMap((name) => rows.get(name) ?? []);
  return {
    counters: (names) => found(data.counters, names),
    failures: (names) => found(data.failures, names),
    sendTimes(names, windowMs, limit) {
      // A purge keeps what the longest window asked for reaches.
      data.longestWindowMs = Math.max(data.longestWindowMs, windowMs);
      return data.sendTimes
        .filter(({ name, sentAt }) => names.includes(name) && sentAt > at - windowMs)
        .map(({ sentAt }) => sentAt)
        .toSorted((a, b) => b - a)
        .slice(0, limit);
    },
    adoptWindow(name, windowMs) {
      const row = data.failures.get(name);
      const keepUntil = Math.max(row.keepUntil, row.window_start + windowMs);
      data.failures.set(name, { ...row, window_ms: windowMs, keepUntil });
    },
  };
}

function write(data, record, changes, at) {
  const { events, sends, sendUpdate, dropQueued, take, failed, cleared, device, answer } = changes;
  for (const hit of take.filter((one) => !isDestinationHit(one) && one.keys.length > 0)) {
    const name = counterName(hit, hit.keys[0]);
    data.counters.set(name, hitCounter(data.counters.get(name) ?? null, name, hit, at));
  }
  const keepFailures = (row) => data.failures.set(row.name, { ...row, keepUntil: failuresKeptUntil(row, at) });
  if (failed?.[0] !== undefined) keepFailures(failedCounts(data.failures.get(failed[0]) ?? null, failed[0], at));
  for (const name of cleared ?? []) {
    const row = data.failures.get(name);
    if (row !== undefined) keepFailures({ ...row, consecutive: 0 });
  }
  if (device !== null) data.devices.set(device, { at });
  if (dropQueued) dropWaiting(data, record.id);
  if (sendUpdate !== null) {
    const { send, progress, dueAt } = sendUpdate;
    data.sends.set(send.id, { send, progress, dueAt, heldUntil: 0, handed: null, asking: false });
  }
  for (const send of sends) {
    const dueAt = send.status === 'queued' ? at : null;
    data.sends.set(send.id, { send, progress: FRESH, dueAt, heldUntil: 0, handed: null, asking: false });
    if (send.mode === 'live') data.sendTimes.push({ name: `${send.application}|${send.limitIndex}`, sentAt: at });
  }
  data.events.set(record.id, [...(data.events.get(record.id) ?? []), ...events]);
  // Agents' signing in to the desk is no traffic.
  for (const event of record.purpose === 'staff_sign_in' ? [] : events) {
    const { application, mode, channel, to } = record;
    count(data, {
      application,
      day: utcDay(event.createdAt),
      mode,
      channel,
      country: to.country ?? '',
      kind: event.type,
    });
  }
  for (const one of changes.documents) {
    const key = documentKey(one.kind, one.id);
    if (!data.documents.has(key)) data.documents.set(key, one);
  }
  const claim = answer === null ? undefined : data.claims.get(answer.key);
  if (claim !== undefined) claim.answer = answer.answer;
}

function count(data, line) {
  const key = JSON.stringify(line);
  data.totals.set(key, { ...line, count: (data.totals.get(key)?.count ?? 0) + 1 });
}

function dropWaiting(data, verification) {
  for (const row of data.sends.values()) {
    if (row.send.verification !== verification || row.dueAt === null || row.asking) continue;
    row.send = { ...row.send, status: 'dropped' };
    row.dueAt = null;
  }
}

function outbox(data) {
  const isFree = (row, at) => row.dueAt !== null && row.dueAt <= at && row.heldUntil <= at;

  function hand(row, until) {
    // Whoever held it had asked a provider and never came back: the message may have gone out.
    if (row.asking) row.progress = { ...row.progress, crashes: row.progress.crashes + 1 };
    row.asking = false;
    row.heldUntil = until;
    // A new object for every lease: what an older one was handed no longer fits.
    row.handed = { ...row.send };
    return { send: row.handed, progress: row.progress };
  }
  const held = (send) => {
    const row = data.sends.get(send.id);
    return row?.handed === send && row.dueAt !== null ? row : null;
  };
  const isOldCode = (send) =>
    [...data.sends.values()].some(
      (row) => row.send.verification === send.verification && row.send.generation > send.generation,
    );

  return {
    claim: async (at, limit, leaseMs) =>
      [...data.sends.values()]
        .filter((row) => isFree(row, at))
        .toSorted((a, b) => a.dueAt - b.dueAt)
        .slice(0, limit)
        .map((row) => hand(row, at + leaseMs)),
    async claimOne(id, at, leaseMs) {
      const row = data.sends.get(id);
      return row === undefined || !isFree(row, at) ? null : hand(row, at + leaseMs);
    },
    async begin(send, until) {
      const row = held(send);
      if (row === null || data.records.get(send.verification)?.status !== 'pending' || isOldCode(send)) return false;
      row.asking = true;
      row.heldUntil = until;
      return true;
    },
    async release(send, at) {
      const row = held(send);
      if (row !== null) Object.assign(row, { dueAt: at, heldUntil: 0, handed: null, asking: false });
    },
    async backlog() {
      const waiting = [...data.sends.values()].filter(({ dueAt }) => dueAt !== null);
      const times = waiting.map(({ send }) => send.createdAt);
      return { queued: waiting.length, oldestAt: times.length === 0 ? null : Math.min(...times) };
    },
  };
}

function records(data) {
  const sendsOf = (id) => [...data.sends.values()].map(({ send }) => send).filter((send) => send.verification === id);
  const newest = (count) => [...data.records.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, count);

  function forget(id) {
    data.records.delete(id);
    data.events.delete(id);
    for (const send of sendsOf(id)) data.sends.delete(send.id);
  }

  function forgetSpent(at) {
    const drop = (rows, isSpent) => rows.forEach((row, key) => isSpent(row) && rows.delete(key));
    drop(data.counters, ({ ends_at }) => ends_at !== null && ends_at <= at);
    drop(data.failures, ({ keepUntil }) => keepUntil <= at);
    drop(data.devices, (device) => device.at + DEVICE_MS <= at);
    data.sendTimes = data.sendTimes.filter(({ sentAt }) => sentAt > at - data.longestWindowMs);
    drop(data.claims, ({ claimedAt }) => claimedAt + DAY_MS <= at);
    drop(data.inbox, ({ createdAt }) => createdAt + INBOX_MS <= at);
    drop(data.documents, ({ endsAt }) => endsAt !== null && endsAt <= at);
  }

  function eraseOne(record) {
    data.records.set(record.id, erased(record));
    data.events.set(record.id, (data.events.get(record.id) ?? []).map(erasedEvent));
    forgetDevicesOf(data, [`${record.application}|${record.limitIndex}`]);
  }

  return {
    async search(query) {
      const rows = newest().filter((record) => fits(record, query));
      return { rows: rows.slice(0, query.limit), hasMore: rows.length > query.limit };
    },
    async tally(query) {
      const counts = new Map();
      for (const record of newest(query.patience).filter((one) => fits(one, query))) {
        const [status, actorId] = [effectiveStatus(record, query.now), record.actor.id];
        const key = `${status} ${actorId}`;
        counts.set(key, { status, actorId, count: (counts.get(key)?.count ?? 0) + 1 });
      }
      return { counts: [...counts.values()], isPartial: data.records.size > (query.patience ?? Infinity) };
    },
    sends: async (id) => sendsOf(id),
    events: async (id) => data.events.get(id) ?? [],
    stats: async (wanted, from, to) =>
      [...data.totals.values()]
        .filter(({ application, day }) => application === wanted && day >= from && day <= to)
        .map(({ application: _, ...line }) => line),
    async countRefused(application, mode, reason, at) {
      count(data, { application, day: utcDay(at), mode, channel: '', country: '', kind: `refused:${reason}` });
    },
    async purge(at, limit, dryRun = false) {
      const over = [...data.records.values()]
        .filter(({ digest, dueAt }) => digest === null && dueAt !== null && dueAt <= at)
        .slice(0, limit);
      if (dryRun) return over.length;
      for (const { id } of over) forget(id);
      forgetSpent(at);
      return over.length;
    },
    async erase(application, toIndexes) {
      const mine = (row) => row.application === application && toIndexes.includes(row.toIndex);
      const found = [...data.records.values()].filter(mine);
      for (const record of found) eraseOne(record);
      for (const rows of [data.people, data.inbox]) rows.forEach((row, key) => mine(row) && rows.delete(key));
      return found.length;
    },
  };
}

function fits(record, query) {
  const { application, mode, now, status, channel, purpose, country, toIndexes } = query;
  const { actorType, actorId, reference, reason, createdAfter, createdBefore, before, exceptPurpose } = query;
  const is = (wanted, value) => wanted === undefined || wanted === value;
  return (
    record.application === application &&
    record.mode === mode &&
    is(status, effectiveStatus(record, now)) &&
    is(channel, record.channel) &&
    is(purpose, record.purpose) &&
    record.purpose !== exceptPurpose &&
    is(country, record.to.country) &&
    is(actorType, record.actor.type) &&
    is(actorId, record.actor.id) &&
    is(reference, record.reference) &&
    is(reason, record.reason) &&
    (toIndexes === undefined || toIndexes.includes(record.toIndex)) &&
    (createdAfter === undefined || record.createdAt > createdAfter) &&
    (createdBefore === undefined || record.createdAt < createdBefore) &&
    (before === undefined || record.id < before)
  );
}

function applications(data) {
  const isTaken = ({ id, name }) => [...data.applications.values()].some((one) => one.name === name && one.id !== id);
  return {
    list: async () => [...data.applications.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    async insert(application) {
      if (isTaken(application)) return false;
      data.applications.set(application.id, application);
      return true;
    },
    async update(application) {
      if (isTaken(application)) throw new WatchwordError('conflict', 'The name of the application is taken.');
      data.applications.set(application.id, application);
    },
    policies: async (id) => data.policies.get(id) ?? {},
    putPolicy: async (id, purpose, policy) =>
      void data.policies.set(id, { ...data.policies.get(id), [purpose]: policy }),
  };
}

function keys(data) {
  return {
    insert: async (key) => void data.keys.set(key.id, key),
    find: async (id) => data.keys.get(id) ?? null,
    list: async (application) => [...data.keys.values()].filter((key) => key.application === application),
    async revoke(application, id, at) {
      const key = data.keys.get(id);
      if (key?.application !== application) return false;
      data.keys.set(id, { ...key, revokedAt: key.revokedAt ?? at });
      return true;
    },
    async touch(id, at, hash) {
      const key = data.keys.get(id);
      if (key !== undefined) data.keys.set(id, { ...key, lastUsedAt: at, hash });
    },
  };
}

function directory(data) {
  const keyOf = (application, toIndex) => `${application}|${toIndex}`;
  return {
    async put(person) {
      const key = keyOf(person.application, person.toIndex);
      const { id, createdAt } = data.people.get(key) ?? person;
      const stored = { ...person, id, createdAt };
      data.people.set(key, stored);
      return stored;
    },
    has: async (application, toIndexes) => toIndexes.some((index) => data.people.has(keyOf(application, index))),
    list: async (application, after, limit, toIndexes) =>
      [...data.people.values()]
        .filter((person) => person.application === application && (after === null || person.id > after))
        .filter((person) => toIndexes === undefined || toIndexes.includes(person.toIndex))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    remove: async (application, toIndexes) =>
      toIndexes.map((index) => data.people.delete(keyOf(application, index))).some(Boolean),
  };
}

function idempotency(data) {
  return {
    async claim({ key, body, id, older = [] }, at) {
      const names = [{ key, body }, ...older];
      const name = names.find((one) => at < (data.claims.get(one.key)?.claimedAt ?? -DAY_MS) + DAY_MS);
      if (name === undefined) {
        data.claims.set(key, { id, body, claimedAt: at, heldUntil: at + CLAIM_MS, answer: null });
        return { type: 'claimed', id };
      }
      const claim = data.claims.get(name.key);
      if (claim.body !== name.body) return { type: 'mismatch' };
      if (claim.answer !== null) return { type: 'done', answer: claim.answer };
      if (claim.heldUntil > at) return { type: 'in_progress' };
      data.claims.delete(name.key);
      data.claims.set(key, { ...claim, body, heldUntil: at + CLAIM_MS });
      return { type: 'claimed', id: claim.id };
    },
    async finish(key, answer) {
      const claim = data.claims.get(key);
      if (claim !== undefined) claim.answer = answer;
    },
    async release(key) {
      // A commit whose outcome nobody heard of may have answered: then it is no claim any more.
      if (data.claims.get(key)?.answer === null) data.claims.delete(key);
    },
  };
}

function inbox(data) {
  return {
    put: async (message) => void data.inbox.set(message.sendId, message),
    list: async ({ application, mode, toIndexes, now, limit }) =>
      [...data.inbox.values()]
        .filter((message) => message.createdAt > now - INBOX_MS)
        .filter((message) => application === undefined || message.application === application)
        .filter((message) => mode === undefined || message.mode === mode)
        .filter((message) => toIndexes === undefined || toIndexes.includes(message.toIndex))
        .toSorted((a, b) => (a.sendId < b.sendId ? 1 : -1))
        .slice(0, limit),
    clear: async () => data.inbox.clear(),
  };
}

function destinations(data) {
  return {
    rebind: async (names) => names.map((name) => data.failures.delete(name)).some(Boolean),
    forgetDevices: async (names) => forgetDevicesOf(data, names),
    knowsDevice: async (device) => data.devices.has(device),
  };
}

function forgetDevicesOf(data, names) {
  for (const device of data.devices.keys())
    if (names.some((name) => device.startsWith(`${name}|`))) data.devices.delete(device);
}

const documentKey = (kind, id) => JSON.stringify([kind, id]);

function documents(data) {
  return {
    get: async (kind, id) => data.documents.get(documentKey(kind, id)) ?? null,
    async put(document) {
      const key = documentKey(document.kind, document.id);
      if ((data.documents.get(key)?.version ?? 0) !== document.version - 1) return false;
      data.documents.set(key, document);
      return true;
    },
    remove: async (kind, id) => data.documents.delete(documentKey(kind, id)),
    async list({ kind, application, index, after, newestFirst = false, limit }) {
      const turn = newestFirst ? -1 : 1;
      return [...data.documents.values()]
        .filter((one) => one.kind === kind && (application === undefined || one.application === application))
        .filter((one) => index === undefined || one.index === index)
        .toSorted((a, b) => (a.id < b.id ? -turn : turn))
        .filter(({ id }) => after === undefined || (newestFirst ? id < after : id > after))
        .slice(0, limit);
    },
    async claim(kind, at, limit, leaseMs) {
      const due = [...data.documents.values()]
        .filter((one) => one.kind === kind && one.dueAt !== null && one.dueAt <= at)
        .toSorted((a, b) => a.dueAt - b.dueAt)
        .slice(0, limit)
        .map((one) => ({ ...one, version: one.version + 1, dueAt: at + leaseMs }));
      for (const one of due) data.documents.set(documentKey(kind, one.id), one);
      return due;
    },
  };
}

/** Twenty letters of Crockford's alphabet. */
function random() {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => alphabet[byte & 31]).join('');
}
