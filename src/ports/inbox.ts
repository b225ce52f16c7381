import type { Sealed } from '../core/redacted.ts';
import type { ChannelName, Mode } from '../core/verification.ts';

/** A message that a test send (or development mode) produced; address and text are sealed. Kept ten minutes. */
export interface InboxMessage {
  readonly sendId: string;
  readonly verification: string;
  readonly application: string;
  readonly mode: Mode;
  readonly channel: ChannelName;
  readonly toIndex: string;
  readonly sealed: Sealed;
  readonly createdAt: number;
}

export interface InboxStore {
  /** Writing the same send twice keeps one message. */
  put(message: InboxMessage): Promise<void>;
  /** Newest first, not older than ten minutes. */
  list(query: {
    readonly application?: string;
    readonly mode?: Mode;
    readonly toIndexes?: readonly string[];
    readonly now: number;
    readonly limit: number;
  }): Promise<readonly InboxMessage[]>;
  clear(): Promise<void>;
}
