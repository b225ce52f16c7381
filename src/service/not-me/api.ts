/** What the holder of a “this was not me” link sees. `closed` could not be canceled any more; `reported` was, or was told. */
export interface NotMeView {
  readonly brand: string;
  readonly locale: string;
  /** Masked. */
  readonly to: string;
  readonly state: 'open' | 'closed' | 'reported';
  /** The destination gets nothing more. */
  readonly suppressed: boolean;
}

/** “This was not me”. A link that does not work is null, whatever the reason. */
export interface NotMeService {
  /** Changes nothing. */
  look(token: string): Promise<NotMeView | null>;
  /** Ends the verification, once; `suppress` also has its destination get nothing more. */
  report(token: string, act: 'cancel' | 'suppress'): Promise<NotMeView | null>;
}
