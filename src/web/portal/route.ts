import type { Right } from '../../core/staff.ts';
import type { FormBounds } from '../form.ts';
import type { Guest, Visit } from './visit.ts';
import type { ErrorDetails, ErrorStatus } from '../error-page.tsx';

/** What a route answers: a page, or the error page of this status. */
export type Answer = Response | ({ readonly status: ErrorStatus } & ErrorDetails);

interface Place {
  readonly method: 'GET' | 'POST';
  /** Below the base path; `:name` takes one part. */
  readonly path: string;
}

/** A route for people who have not signed in. */
export interface PublicRoute extends Place {
  readonly right: 'public';
  answer(guest: Guest): Promise<Answer>;
}

/** A route for people who have: of any role (`staff`), or of those with a right. */
export interface StaffRoute extends Place {
  readonly right: Right | 'staff';
  /** What it takes by POST, where that is more than a few fields. */
  readonly form?: FormBounds;
  answer(visit: Visit): Promise<Answer>;
}

export type PortalRoute = PublicRoute | StaffRoute;

export const NOT_FOUND: Answer = { status: 404 };
