import type { CaptchaWidget } from '../../core/captcha.ts';
import type { Result } from '../../core/errors.ts';
import type { Policy } from '../../core/policy.ts';
import type { ChannelName, Mode } from '../../core/verification.ts';
import type { CheckView, VerificationView } from '../../core/views.ts';
import type { Application } from '../../ports/settings.ts';
import type { Origin, To } from '../api/caller.ts';
import type { ChallengeAnswer, RememberedDevice } from '../api/verifier.ts';

/** One verification that a browser may enter the code of. The pages keep it in a sealed cookie. */
export interface HostedFlow {
  readonly id: string;
  readonly application: string;
  readonly mode: Mode;
  /** Handed back with the result; null = nothing. */
  readonly state: string | null;
  /** A registered address; null = the flow ends here. */
  readonly returnUrl: string | null;
  /** `request`: the pages started it. `link`: the API did, and the browser claimed it. */
  readonly origin: 'request' | 'link';
  /** Whether the code is bound to a context. */
  readonly bound: boolean;
  /** Random, of this browser alone: other flows and the API may be about the same verification. */
  readonly mark: string;
}

/** A start by the hosted pages themselves. */
export interface HostedStart {
  readonly application: Application;
  readonly to: To;
  readonly channel: ChannelName | null;
  readonly locale: string;
  readonly state: string | null;
  readonly returnUrl: string | null;
  readonly browser: Origin;
  /** What the browser answers to the challenge it was given; null where it was given none. */
  readonly challenge: ChallengeAnswer | null;
  /** The tokens that this browser keeps of being remembered. */
  readonly devices: readonly string[];
}

/** A flow that began. `approved`: no code is needed, since the browser is remembered and holds the new token from now on. */
export interface HostedBegun {
  readonly flow: HostedFlow;
  readonly approved: { readonly verification: VerificationView; readonly device: RememberedDevice } | null;
}

/** A code as it was typed, and whether the person wants this browser remembered. */
export interface TypedCode {
  readonly code: string;
  readonly remember: boolean;
}

/** What became of a code; `device` where this browser is remembered from now on. */
export interface HostedCheck extends CheckView {
  readonly device: RememberedDevice | null;
}

/** What a browser has to show before a code goes out: what it asks for, or patience. */
export interface HostedChallenge {
  readonly token: string;
  /** Work: a `nonce` whose SHA-256 over `salt:nonce` begins with so many zero bits. Captcha: what the widget gives, told `salt` as its mark. */
  readonly asks:
    | { readonly type: 'work'; readonly salt: string; readonly bits: number }
    | { readonly type: 'captcha'; readonly salt: string; readonly widget: CaptchaWidget };
  /** From when on waiting counts (epoch ms). */
  readonly waitsUntil: number;
}

/** A flow as it stands. `channels` can carry another message of it; `now` is the store's time. */
export interface HostedState {
  readonly verification: VerificationView;
  readonly policy: Policy;
  readonly application: Application;
  readonly channels: readonly ChannelName[];
  readonly now: number;
  /** What an agent on the phone sees too; null = no agent made the link. */
  readonly words: string | null;
}

/** A sign-in on this site. Times are epoch ms. */
export interface HostedSession {
  readonly application: string;
  readonly verification: string;
  readonly purpose: string;
  readonly masked: string;
  /** Whether a code was entered, or the browser was remembered. */
  readonly method: 'code' | 'remembered_device';
  readonly since: number;
  readonly endsAt: number;
}

/** What hosted pages do beside the verifier. */
export interface HostedService {
  /** Tells where browsers reach the pages, with the base path; from then on `hosted_url` can be written. */
  servedAt(url: string): void;
  sealFlows(flows: readonly HostedFlow[]): string;
  /** None when the text was not sealed here. */
  openFlows(text: string): readonly HostedFlow[];
  /** The application and the channels a person may choose from; null when there is no such application. */
  choices(
    idOrName: string,
  ): Promise<{ readonly application: Application; readonly channels: readonly ChannelName[] } | null>;
  /** `challenge_required` where something has to be shown first. */
  begin(start: HostedStart): Promise<Result<HostedBegun>>;
  /** The challenge of a start that was refused for want of one: the one it was given, while it can be answered, else a new one. */
  challenge(start: HostedStart): Promise<Result<HostedChallenge>>;
  /** Null when there is no such verification any more. */
  state(flow: HostedFlow): Promise<HostedState | null>;
  check(flow: HostedFlow, typed: TypedCode, browser: Origin): Promise<Result<HostedCheck>>;
  resend(flow: HostedFlow, channel: ChannelName | null, browser: Origin): Promise<Result<VerificationView>>;
  /** Another verification of the same destination; null when that is forgotten, or the API started the flow. */
  restart(flow: HostedFlow, locale: string, browser: Origin): Promise<Result<HostedFlow> | null>;
  /** The flow that the address of a page names; null when it names none. */
  flowOfLink(token: string): Promise<HostedFlow | null>;
  /**
   * The flow that the link of an e-mail names; null when it names none, or that of an older code. `browserOnly`: it was begun on a
   * hosted page, and only the browser that holds the flow may go on with it.
   */
  flowOfConfirm(token: string): Promise<{ readonly flow: HostedFlow; readonly browserOnly: boolean } | null>;
  /** A check with the link in place of the code. */
  confirm(flow: HostedFlow, token: string, browser: Origin): Promise<Result<CheckView>>;
  isClaimed(flow: HostedFlow): Promise<boolean>;
  /** True for the first browser that asks, and for no other. */
  claim(flow: HostedFlow): Promise<boolean>;
  /** The receipt of a flow that the right code was entered in, the same `jti` every time; null for any other. */
  receipt(flow: HostedFlow): Promise<string | null>;
  /** A token for the cookie of this browser. */
  signIn(flow: HostedFlow, verification: VerificationView): Promise<string>;
  session(token: string): Promise<HostedSession | null>;
  signOut(token: string): Promise<void>;
  /** This browser is not remembered by the application any more. */
  forgetDevice(application: string, devices: readonly string[]): Promise<void>;
  /** Nor is any other of the person who is signed in. */
  forgetEveryDevice(session: string): Promise<void>;
}
