import type { AgentView } from '../../core/agent-views.ts';
import type { Right } from '../../core/staff.ts';
import type { Browser, Caller, Service, Staff } from '../../service/api.ts';
import type { PagesOptions } from '../options.ts';

/** A request to the desk before anybody is known. */
export interface Guest {
  readonly service: Service;
  readonly options: PagesOptions;
  readonly request: Request;
  readonly url: URL;
  readonly browser: Browser;
  /** A part of the path; '' when the route has none of this name. */
  param(name: string): string;
  /** A query parameter, without blanks around it; '' when it is missing. */
  query(name: string): string;
}

/** A request of somebody who is signed in and may make it. */
export interface Visit extends Guest {
  readonly staff: Staff;
  readonly agent: AgentView;
  readonly application: Caller['application'];
  /** What every use case takes. */
  readonly caller: Caller;
  may(right: Right): boolean;
  /** Whether a page of the desk is there, so that nothing leads nowhere. */
  hasPage(path: string): boolean;
  /** Random text that no other form has. */
  newToken(): string;
  /** Whether the session still lasts, without using it: for answers that stay open. */
  stillSignedIn(): Promise<boolean>;
}
