import type { Actor, MaskedDestination } from './verification.ts';

/** Who made something and who changed it last. Times are RFC 3339. */
interface Edited {
  readonly created_at: string;
  readonly created_by: Actor;
  readonly modified_at: string;
  readonly modified_by: Actor;
}

/** A company for which somebody may call. It is active while a representative is. */
export interface ClientView extends Edited {
  readonly id: string;
  readonly object: 'client';
  readonly company: string;
  readonly country: string | null;
  /** The number of its account, or whatever else names it. */
  readonly reference: string | null;
}

/** Somebody who may act for a client. Never deleted; of an erased one only the id is left. */
export interface RepresentativeView extends Edited {
  readonly id: string;
  readonly object: 'representative';
  readonly client: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly role: string | null;
  readonly country: string | null;
  readonly mobile: MaskedDestination | null;
  readonly email: MaskedDestination | null;
  readonly status: 'active' | 'inactive' | 'erased';
}
