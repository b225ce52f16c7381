import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkDsn, createChannel } from '../../../src/channels/index.ts';
import { PROVIDERS } from '../../../src/channels/providers/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import type { ChannelName } from '../../../src/core/verification.ts';
import type { Accepted, Channel, Failure, FailureKind, Message } from '../../../src/ports/channel.ts';
import { CODE, emailMessage, patient, recordingTools, smsMessage } from './messages.ts';
import { answerStep, outcomeText, recorded, requestStep } from './recorded-run.ts';
import { type ProviderCall, type ProviderReply, type ProviderServer, startProviderServer } from './provider-server.ts';

/** What one provider's test tells about its protocol. Bodies are what its public API description shows. */
export interface ProviderCase {
  readonly scheme: string;
  readonly channel: ChannelName;
  /** The DSN for a server on this port. */
  readonly dsn: (port: number) => string;
  /** What must never show in a failure's detail, beside the destination and the code. */
  readonly credentials: readonly string[];
  readonly message?: Partial<Message>;
  readonly success: {
    readonly reply: ProviderReply;
    readonly messageId: string | null;
    /** What the answer says a message costs, and in how many parts it went. */
    readonly terms?: Pick<Accepted, 'price' | 'segments'>;
  };
  /** Looks at the request that a plain message became; use `expect`. */
  readonly request: (call: ProviderCall, message: Message) => void;
  /** Documented errors, each with the body the provider sends. Every code of the spec's table must be here. */
  readonly errors: readonly {
    readonly code: string;
    readonly status: number;
    readonly body: string;
    readonly kind: FailureKind;
  }[];
  /** 2xx bodies that are no acceptance although they look like one. */
  readonly hollow?: readonly { readonly name: string; readonly body: string; readonly kind: FailureKind }[];
}

/** Registers the tests every HTTP provider must pass. */
export function providerContract(given: ProviderCase): void {
  const { scheme, channel } = given;
  describe(`${scheme} for ${channel}`, () => {
    const title = `${scheme}, ${channel}${variants(scheme, channel)}`;
    let server: ProviderServer;
    let provider: Channel;
    const base = channel === 'email' ? emailMessage() : smsMessage();
    const message: Message = { ...base, channel, ...given.message };

    beforeAll(async () => {
      server = await startProviderServer(given.success.reply);
      provider = await createChannel(secret(given.dsn(server.port)), channel, recordingTools());
    });
    beforeEach(() => {
      server.reply = given.success.reply;
      server.calls.length = 0;
    });
    afterAll(() => server.close());

    const send = (signal = patient()): Promise<Accepted | Failure> => provider.send(message, signal);
    const answered = async (reply: ProviderReply): Promise<Accepted | Failure> => {
      server.reply = reply;
      const outcome = await send();
      expectSafe(outcome, [message.to, message.to.replace('+', ''), CODE, ...given.credentials]);
      return outcome;
    };

    it('sends and understands what is recorded in its run', async () => {
      const outcome = await send();
      const [call] = server.calls;
      if (call === undefined) throw new Error('nobody was asked');
      const secrets = [...given.credentials, `127.0.0.1:${server.port}`];
      const steps = [requestStep(call), answerStep(given.success.reply)];
      const { shown, seen } = recorded({ title, steps, outcome: outcomeText(outcome), secrets });
      expect(shown).toBe(seen);
    });

    it('has a DSN that is accepted, and one without credentials that is not', () => {
      expect(checkDsn(given.dsn(443), channel)).toBe(null);
      const spec = PROVIDERS[scheme];
      if (spec?.user !== null || spec.password !== null)
        expect(checkDsn(`${scheme}://default`, channel)).toMatch(/missing/);
    });

    it('sends one request in the provider’s own form and keeps its message id', async () => {
      expect(await send()).toEqual({ type: 'accepted', messageId: given.success.messageId, ...given.success.terms });
      expect(server.calls).toHaveLength(1);
      const [call] = server.calls;
      if (call === undefined) throw new Error('no request arrived');
      given.request(call, message);
    });

    it.each(given.errors.map((error) => [error.code, error] as const))(
      'understands error %s',
      async (_code, { status, body, kind }) => {
        expect(await answered({ status, body })).toMatchObject({ type: 'failure', kind });
      },
    );

    it('has shown every error of its table', () => {
      const shown = new Set(given.errors.map(({ code }) => code));
      const missing = Object.keys(PROVIDERS[scheme]?.errors ?? {}).filter((code) => !shown.has(code));
      expect(missing).toEqual([]);
    });

    it.each((given.hollow ?? []).map((hollow) => [hollow.name, hollow] as const))(
      'does not take a 2xx for an acceptance: %s',
      async (_name, { body, kind }) => {
        expect(await answered({ status: 200, body })).toMatchObject({ type: 'failure', kind });
      },
    );

    it.each([
      [401, 'final'],
      [403, 'final'],
      [302, 'final'],
      [400, 'final'],
      [408, 'retry'],
      [429, 'retry'],
      [500, 'retry'],
      [503, 'retry'],
    ] as const)('reads a bare status %s as %s', async (status, retry) => {
      const outcome = await answered({
        status,
        body: '<html>not what you expected</html>',
        headers: { location: '/' },
      });
      expect(outcome).toMatchObject({ type: 'failure', retry });
      expect(server.calls).toHaveLength(1);
    });

    it('takes a broken or silent connection, or nonsense, for what it is', async () => {
      expect(await answered('reset')).toMatchObject({ type: 'failure', kind: 'unavailable' });
      expect(await answered({ status: 500, body: 'x'.repeat(200_000) })).toMatchObject({ kind: 'unavailable' });
      server.reply = 'silent';
      expect(await send(AbortSignal.timeout(50))).toMatchObject({ type: 'failure', kind: 'unavailable' });
      if (given.success.messageId !== null)
        expect(await answered({ status: 200, body: '{]' })).toMatchObject({ type: 'failure', kind: 'unavailable' });
    });
  });
}

/** Nothing of the person, the code or the account may be in what records keep. */
function expectSafe(outcome: Accepted | Failure, hidden: readonly string[]): void {
  if (outcome.type === 'accepted') return;
  for (const value of hidden) expect(outcome.detail).not.toContain(value);
}

const seenBefore = new Map<string, number>();

/** Some providers are tried in several ways over one channel. */
function variants(scheme: string, channel: ChannelName): string {
  const key = `${scheme} ${channel}`;
  const count = (seenBefore.get(key) ?? 0) + 1;
  seenBefore.set(key, count);
  return count === 1 ? '' : ` (${count})`;
}
