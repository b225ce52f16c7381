/**
 * The words of the hosted pages in one language, plain text. `{brand}`, `{to}`, `{n}`, `{time}` and `{name}` are the only places that
 * are filled; `{n}` stands where no plural depends on it.
 */
export interface PageTexts {
  /** `reviewed` by a speaker, or a machine’s `draft`. */
  readonly status: 'reviewed' | 'draft';
  readonly title: string;
  readonly intro: string;
  readonly how: string;
  readonly sms: string;
  readonly email: string;
  readonly voice: string;
  readonly number: string;
  readonly country: string;
  readonly address: string;
  readonly consent: string;
  readonly send: string;
  /** Stands above the four steps that follow. */
  readonly works: string;
  readonly choose: string;
  readonly sending: string;
  readonly typing: string;
  readonly back: string;
  readonly enter: string;
  readonly sentTo: string;
  readonly code: string;
  /** 4 to 10 digits. */
  readonly codeOf: string;
  readonly confirm: string;
  readonly until: string;
  readonly none: string;
  readonly wait: string;
  readonly again: string;
  readonly sentAgain: string;
  readonly change: string;
  readonly wrong: string;
  /** Where the policy reveals no reason. */
  readonly refused: string;
  readonly left: string;
  readonly badCode: string;
  readonly badNumber: string;
  readonly badAddress: string;
  readonly notThere: string;
  readonly later: string;
  readonly noMore: string;
  readonly done: string;
  readonly close: string;
  readonly goTo: string;
  readonly expired: string;
  readonly newCode: string;
  readonly exhausted: string;
  readonly exhaustedText: string;
  readonly closed: string;
  readonly away: string;
  readonly awayText: string;
  readonly retry: string;
  readonly over: string;
  readonly overText: string;
  readonly restart: string;
  readonly cookies: string;
  readonly cookiesText: string;
  readonly many: string;
  readonly link: string;
  readonly linkText: string;
  readonly language: string;
  readonly signOut: string;
  readonly signedOut: string;
  readonly goOn: string;
  readonly moment: string;
  readonly momentText: string;
  /** Where scripts do not run; {@link PageTexts.goOnAfter} follows. */
  readonly noScripts: string;
  /** `{time}` is when it goes on for whoever only waits. */
  readonly goOnAfter: string;
  /** `{time}` is a number of days. */
  readonly remember: string;
  readonly forget: string;
  readonly error: string;
  readonly by: string;
}
