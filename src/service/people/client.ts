import { sealed } from '../../core/redacted.ts';
import type { ClientView, RepresentativeView } from '../../core/people-views.ts';
import type { Actor, MaskedDestination } from '../../core/verification.ts';
import { maskedDestination, parseDestination } from '../../core/address.ts';
import { timestamp } from '../../core/views.ts';
import type { KeyRing } from '../../crypto/index.ts';
import type { StoredDocument } from '../../ports/documents.ts';

export const CLIENT_KIND = 'client';
export const REPRESENTATIVE_KIND = 'representative';

interface Stored {
  readonly id: string;
  readonly application: string;
  readonly version: number;
  readonly createdAt: number;
}

interface Edits {
  readonly createdBy: Actor;
  readonly modifiedAt: number;
  readonly modifiedBy: Actor;
}

interface ClientFacts {
  readonly company: string;
  readonly country: string | null;
  readonly reference: string | null;
}

export interface Client extends Stored, Edits, ClientFacts {}

/** Addresses in clear, as they are delivered to. */
export interface PersonFacts {
  readonly firstName: string;
  readonly lastName: string;
  readonly role: string | null;
  readonly country: string | null;
  readonly mobile: string | null;
  readonly email: string | null;
}

export interface Representative extends Stored, Edits, PersonFacts {
  readonly client: string;
  readonly state: RepresentativeView['status'];
}

type Body<Rest> = Rest & { readonly sealed: string };

/** Everything that names the company is sealed for its id. */
export function clientDocument(ring: KeyRing, client: Client): StoredDocument {
  const { createdBy, modifiedAt, modifiedBy, company, country, reference } = client;
  const text = ring.seal('person', JSON.stringify({ company, country, reference }), client.id).reveal();
  const body: Body<Edits> = { createdBy, modifiedAt, modifiedBy, sealed: text };
  return document(CLIENT_KIND, client, null, body);
}

/** Null when no key of the ring opens it any more. */
export function clientFrom(ring: KeyRing, stored: StoredDocument): Client | null {
  const { sealed: text, ...rest } = JSON.parse(stored.body) as Body<Edits>;
  const opened = ring.open('person', sealed(text), stored.id);
  return opened === null ? null : { ...idOf(stored), ...rest, ...(JSON.parse(opened) as ClientFacts) };
}

/** Found by its client. */
export function representativeDocument(ring: KeyRing, one: Representative): StoredDocument {
  const { createdBy, modifiedAt, modifiedBy, state, firstName, lastName, role, country, mobile, email } = one;
  const facts: PersonFacts = { firstName, lastName, role, country, mobile, email };
  const text = ring.seal('person', JSON.stringify(facts), one.id).reveal();
  const body: Body<Edits & Pick<Representative, 'state'>> = { createdBy, modifiedAt, modifiedBy, state, sealed: text };
  return document(REPRESENTATIVE_KIND, one, one.client, body);
}

export function representativeFrom(ring: KeyRing, stored: StoredDocument): Representative | null {
  const { sealed: text, ...rest } = JSON.parse(stored.body) as Body<Edits & Pick<Representative, 'state'>>;
  const opened = ring.open('person', sealed(text), stored.id);
  if (opened === null) return null;
  return { ...idOf(stored), client: stored.index ?? '', ...rest, ...(JSON.parse(opened) as PersonFacts) };
}

function document(kind: string, of: Stored, index: string | null, body: object): StoredDocument {
  const { id, application, version, createdAt } = of;
  return { kind, id, application, index, version, body: JSON.stringify(body), createdAt, dueAt: null, endsAt: null };
}

function idOf({ id, application, version, createdAt }: StoredDocument): Stored {
  return { id, application, version, createdAt };
}

export function clientView(client: Client): ClientView {
  const { id, company, country, reference } = client;
  return { id, object: 'client', company, country, reference, ...editsView(client) };
}

export function representativeView(one: Representative): RepresentativeView {
  return {
    id: one.id,
    object: 'representative',
    client: one.client,
    first_name: one.firstName,
    last_name: one.lastName,
    role: one.role,
    country: one.country,
    mobile: masked(one.mobile),
    email: masked(one.email),
    status: one.state,
    ...editsView(one),
  };
}

function editsView({ createdAt, createdBy, modifiedAt, modifiedBy }: Stored & Edits) {
  return {
    created_at: timestamp(createdAt),
    created_by: createdBy,
    modified_at: timestamp(modifiedAt),
    modified_by: modifiedBy,
  };
}

function masked(value: string | null): MaskedDestination | null {
  const parsed = value === null ? null : parseDestination(value, { defaultCountry: null });
  return parsed?.ok === true ? maskedDestination(parsed.destination) : null;
}
