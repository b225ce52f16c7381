/** What a risk hook may say of a start: go on, let a person show themselves first, or do not send. */
export const RISK_DECISIONS = ['allow', 'challenge', 'deny'] as const;
export type RiskDecision = (typeof RISK_DECISIONS)[number];

/** `reason` is the hook's own word, `[a-z0-9_.-]`; `detail` of a failure is safe to log. */
export type RiskAnswer =
  | { readonly type: 'decided'; readonly decision: RiskDecision; readonly reason: string | null }
  | { readonly type: 'failed'; readonly detail: string };

/** The operator's own opinion of a start, asked before anything is counted or sent. */
export interface RiskHook {
  /** What counts when it does not answer. */
  readonly onFailure: RiskDecision;
  /** Whether it is told the whole destination and address of the browser. */
  readonly facts: 'masked' | 'full';
  /** One signed POST of `body`, within its deadline. Never throws. */
  ask(id: string, body: string): Promise<RiskAnswer>;
}
