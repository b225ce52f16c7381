import type { AgentView, PasskeyView, SessionView } from '../../core/agent-views.ts';
import type { Result } from '../../core/errors.ts';
import type { Role } from '../../core/staff.ts';
import type { ListView } from '../../core/views.ts';
import type { Application } from '../../ports/settings.ts';
import type { Caller } from '../api.ts';

export interface AgentInput {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** One is made, and shown once, when it is absent. */
  readonly password?: string;
}

/**
 * The people of an application's desk. An agent as caller is held to what its role may manage; keys and the command line
 * manage everyone. Nobody is ever deleted.
 */
export interface AgentsService {
  create(caller: Caller, input: AgentInput): Promise<Result<AgentView>>;
  list(
    caller: Caller,
    input: { readonly limit?: number; readonly cursor?: string },
  ): Promise<Result<ListView<AgentView>>>;
  get(caller: Caller, id: string): Promise<Result<AgentView>>;
  /** Refused where it would leave no active administrator. A deactivated agent is signed out everywhere. */
  update(
    caller: Caller,
    id: string,
    input: { readonly name?: string; readonly role?: Role; readonly active?: boolean },
  ): Promise<Result<AgentView>>;
  /** Back to a code by e-mail, for somebody who lost the authenticator. */
  resetSecondFactor(caller: Caller, id: string): Promise<Result<AgentView>>;
}

/** The browser in which somebody signs in. */
export interface Browser {
  readonly ip: string | null;
  readonly userAgent: string;
  /** What its device cookie holds; '' = none. */
  readonly device: string;
}

export interface SignInInput {
  readonly email: string;
  readonly password: string;
}

/** Somebody signed in, as pages get them. */
export interface Staff {
  readonly agent: AgentView;
  readonly application: Application;
  readonly session: string;
  /** What the use cases take. */
  readonly caller: Caller;
}

/** What a browser's token stands for. `ended`: it was good once, and whose it was. */
export type Found =
  | { readonly state: 'live'; readonly staff: Staff }
  | { readonly state: 'ended'; readonly agent: string; readonly reason: 'idle' | 'longest' | 'ended' }
  /** Whose it is may not use the desk from where the browser is. */
  | { readonly state: 'barred' }
  | { readonly state: 'none' };

/** Where a sign-in stands after the password. */
export interface PendingView {
  readonly application: Application;
  readonly method: 'email' | 'totp';
  /** Where the code went, masked. */
  readonly to: string;
  readonly triesLeft: number;
  /** All tries, used and left. */
  readonly most: number;
  /** When another code may be sent (epoch ms); null = none. */
  readonly nextSendAt: number | null;
  /** Whether a recovery code is left. */
  readonly recovery: boolean;
  /** No mail server has taken the code yet; it is tried again. */
  readonly delayed: boolean;
}

/** Why a sign-in does not go on: its time, or no mail server took the code. */
export interface PendingOver {
  readonly over: 'time' | 'unsent';
}

/** A new session: the tokens of the browser's session cookie and device cookie. */
export interface SignedIn {
  readonly token: string;
  readonly device: string;
  readonly agent: AgentView;
}

/** What became of a code. */
export type CodeOutcome =
  | ({ readonly type: 'in' } & SignedIn)
  | { readonly type: 'wrong'; readonly left: number }
  | { readonly type: 'malformed'; readonly detail: string }
  | { readonly type: 'ended'; readonly reason: 'tries' | 'over' };

/**
 * Signing in: password first, then the second factor. Tries are counted before they are judged; strangers cannot use up those of a
 * browser that signed in before.
 */
export interface SignInService {
  /** A token for the browser's cookie while the second factor is to come. One refusal for every reason but too many tries. */
  password(application: Application, input: SignInInput, browser: Browser): Promise<Result<{ readonly token: string }>>;
  pending(token: string): Promise<PendingView | PendingOver>;
  code(token: string, code: string, kind: 'code' | 'recovery', browser: Browser): Promise<Result<CodeOutcome>>;
  resend(token: string): Promise<Result<{ readonly sent: true }>>;
}

export interface TotpInput {
  readonly secret: string;
  /** What the authenticator shows. */
  readonly code: string;
  readonly password: string;
}

/** Somebody's own password and second factor. Whatever changes how somebody signs in asks for the password again. */
export interface AccountService {
  /** Signs the other devices out, and tells the owner by e-mail. */
  changePassword(staff: Staff, current: string, next: string): Promise<Result<{ readonly revoked: number }>>;
  /** A secret to set an authenticator up with; nothing is kept. */
  newTotp(staff: Staff): { readonly secret: string; readonly uri: string };
  /** Turns the authenticator on, and gives the recovery codes, which are shown once. */
  enableTotp(staff: Staff, input: TotpInput): Promise<Result<{ readonly recovery: readonly string[] }>>;
  /** Back to a code by e-mail. Where one was on, its owner is told. */
  disableTotp(staff: Staff, password: string): Promise<Result<{ readonly disabled: true }>>;
  newRecovery(staff: Staff, password: string): Promise<Result<{ readonly recovery: readonly string[] }>>;
  /** For acts that an open session alone must not do. Tries are counted. */
  confirm(staff: Staff, password: string): Promise<Result<{ readonly confirmed: true }>>;
}

/**
 * Passkeys: discoverable, with the user verified by the authenticator, so that one stands for password and second factor. A question
 * is answered once, within five minutes, by the browser that got it.
 */
export interface PasskeysService {
  /** `address`: the public address is not https with a name (or localhost). `package`: the optional package is missing. */
  state(): 'ready' | 'address' | 'package';
  /** Oldest first. */
  list(staff: Staff): Promise<readonly PasskeyView[]>;
  /** Asks for the password. The token holds the name. */
  begin(
    staff: Staff,
    input: { readonly name: string; readonly password: string },
  ): Promise<Result<{ readonly token: string }>>;
  /** The question behind a token, as often as its page is read; null when its time is over. */
  question(token: string, staff: Staff | null): Promise<object | null>;
  /** Keeps the passkey of the browser's answer, and tells its owner by e-mail. */
  add(staff: Staff, token: string, answer: string): Promise<Result<PasskeyView>>;
  remove(staff: Staff, id: string, password: string): Promise<Result<{ readonly removed: true }>>;
  /** A question for whoever signs in. Nothing is written. */
  beginSignIn(): Promise<Result<{ readonly token: string }>>;
  /** Starts a session. One refusal for every reason but too many tries and the network. */
  signIn(
    application: Application,
    input: { readonly token: string; readonly answer: string },
    browser: Browser,
  ): Promise<Result<SignedIn>>;
}

/** Links by e-mail that set a password: for who forgot it, and for who is new. */
export interface PasswordLinksService {
  /** The same in time and answer whether the address is known or not. */
  forgot(application: Application, email: string, browser: Browser): Promise<void>;
  /** Makes an agent without a password and sends the link. */
  invite(caller: Caller, input: Omit<AgentInput, 'password'>): Promise<Result<AgentView>>;
  inviteAgain(caller: Caller, id: string): Promise<Result<AgentView>>;
  /** Whether it sets the first password or another. Looking uses nothing up. */
  useOf(token: string, browser: Browser): Promise<Result<'first' | 'reset'>>;
  /** Uses the link up and signs every device out. Tells the name of the application whose desk the password opens. */
  setPassword(token: string, password: string, browser: Browser): Promise<Result<{ readonly application: string }>>;
}

export interface StaffSessionsService {
  /** Notes the use, at most once a minute. */
  find(token: string, browser: Browser): Promise<Found>;
  /** Whether it still lasts. Looking is no use of it. */
  lasts(staff: Staff): Promise<boolean>;
  /** Newest first. */
  list(staff: Staff): Promise<readonly SessionView[]>;
  signOut(staff: Staff): Promise<void>;
  /** One of the agent's own. */
  revoke(staff: Staff, id: string): Promise<Result<{ readonly revoked: number }>>;
  revokeOthers(staff: Staff): Promise<Result<{ readonly revoked: number }>>;
}

/** The one-time link that makes the first administrator. */
export interface WelcomeService {
  /** A new link's token, which ends the one before; null as soon as anybody is there. */
  open(application: Application): Promise<string | null>;
  isOpen(token: string): Promise<boolean>;
  /** Makes the administrator and ends the link. */
  create(token: string, input: Omit<AgentInput, 'role'>, browser: Browser): Promise<Result<AgentView>>;
}

/** Fields of a form that was sent after its session ended. */
export interface Draft {
  readonly path: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Keeps what was typed while its writer signs in again: for half an hour, for one browser and one agent. */
export interface DraftsService {
  /** A token for the browser's cookie. */
  keep(agent: string, draft: Draft): Promise<string>;
  read(agent: string, token: string): Promise<Draft | null>;
  drop(token: string): Promise<void>;
}

/** Seals what a browser keeps for us (cookies, hidden fields): it opens only for the use and bearer it was sealed for. */
export interface BrowserSeals {
  seal(use: string, text: string, bearer: string): string;
  open(use: string, text: string, bearer: string): string | null;
}

/** Everything about who works at the desk. */
export interface StaffService {
  readonly agents: AgentsService;
  readonly signIn: SignInService;
  readonly sessions: StaffSessionsService;
  readonly account: AccountService;
  readonly passkeys: PasskeysService;
  readonly passwordLinks: PasswordLinksService;
  readonly welcome: WelcomeService;
  readonly drafts: DraftsService;
  readonly seals: BrowserSeals;
}
