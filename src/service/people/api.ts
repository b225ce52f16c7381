import type { Result } from '../../core/errors.ts';
import type { ClientView, RepresentativeView } from '../../core/people-views.ts';
import type { ListView } from '../../core/views.ts';
import type { Caller, Started } from '../api.ts';
import type { DeskRecordView } from '../desk/api.ts';

export interface ClientInput {
  readonly company: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | null;
  readonly reference?: string | null;
}

/** A mobile number or an e-mail address is needed; a number without calling code is read as one of `country`. */
export interface RepresentativeInput {
  readonly first_name: string;
  readonly last_name: string;
  readonly role?: string | null;
  readonly country?: string | null;
  readonly mobile?: string | null;
  readonly email?: string | null;
}

/** A client with the people who may act for it, as lists show it. */
export interface ClientWithPeople extends ClientView {
  readonly representatives: readonly RepresentativeView[];
}

export interface ClientQuery {
  /** In company, reference or a representative's name, whatever the case. */
  readonly q?: string;
  readonly country?: string;
  readonly state?: 'active' | 'inactive';
  /** From 1. A page past the end is the last. */
  readonly page?: number;
}

export interface ClientPage {
  readonly data: readonly ClientWithPeople[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

/** A record of one of a client's people. */
export interface PersonRecord {
  readonly record: DeskRecordView;
  readonly representative: RepresentativeView;
}

export interface HistoryQuery {
  readonly representative: string | null;
  /** The last record of the page before; null = the newest page. */
  readonly cursor: string | null;
}

export interface PersonHistory {
  readonly data: readonly PersonRecord[];
  /** Null = nothing older. */
  readonly next_cursor: string | null;
}

export interface SendInput {
  readonly representative: string;
  readonly by: 'mobile' | 'email';
  readonly reason?: string;
  readonly reference?: string;
}

/** A line of an import: what it would add, or what is wrong with it. `line` counts from 1, the head of the file. */
export interface ImportLine {
  readonly line: number;
  readonly company: string;
  readonly name: string;
  readonly problem: string | null;
  /** Nothing is added for what is already there. */
  readonly known: boolean;
}

export interface ImportPreview {
  readonly lines: readonly ImportLine[];
  /** Why the file as a whole cannot be read; null when it can. */
  readonly problem: string | null;
}

export interface ImportResult {
  readonly clients: number;
  readonly representatives: number;
}

interface Page {
  readonly limit?: number;
  readonly cursor?: string;
}

/**
 * Clients, and who may act for them: what is on file. Codes go to active representatives only, who are also in the directory.
 * Everything is audited.
 */
export interface PeopleService {
  /** By name. */
  find(caller: Caller, query: ClientQuery): Promise<ClientPage>;
  /** Oldest first. */
  list(caller: Caller, page: Page): Promise<Result<ListView<ClientView>>>;
  get(caller: Caller, id: string): Promise<Result<ClientWithPeople>>;
  add(caller: Caller, input: ClientInput): Promise<Result<ClientView>>;
  /** What is absent stays. */
  change(caller: Caller, id: string, input: Partial<ClientInput>): Promise<Result<ClientView>>;
  /** With its representatives. Records stay. */
  remove(caller: Caller, id: string): Promise<Result<{ readonly deleted: true }>>;
  representatives(
    caller: Caller,
    query: Page & { readonly client?: string },
  ): Promise<Result<ListView<RepresentativeView>>>;
  representative(caller: Caller, id: string): Promise<Result<RepresentativeView>>;
  addRepresentative(caller: Caller, client: string, input: RepresentativeInput): Promise<Result<RepresentativeView>>;
  /** What is absent stays; `active: false` ends codes to this person at once. */
  changeRepresentative(
    caller: Caller,
    id: string,
    input: Partial<RepresentativeInput> & { readonly active?: boolean },
  ): Promise<Result<RepresentativeView>>;
  /** Erases the person here and in every record. */
  eraseRepresentative(caller: Caller, id: string): Promise<Result<{ readonly erased: number }>>;
  /** Newest first, of all its people or of one. */
  history(caller: Caller, client: string, query: HistoryQuery): Promise<Result<PersonHistory>>;
  /** To an active representative of this client; anybody else is refused. */
  send(caller: Caller, client: string, input: SendInput): Promise<Result<Started>>;
  /** Who is called at this record's destination. */
  ofRecord(caller: Caller, record: string): Promise<readonly ClientWithPeople[]>;
  /** Looks through a CSV text and changes nothing. */
  previewImport(caller: Caller, csv: string): Promise<ImportPreview>;
  /** All lines or, if one is wrong, none. What is already there is left as it is, so that it may be sent again. */
  import(caller: Caller, csv: string): Promise<Result<ImportResult>>;
}
