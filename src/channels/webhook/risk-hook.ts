import type { Secret } from '../../core/redacted.ts';
import { RISK_DECISIONS, type RiskAnswer, type RiskDecision, type RiskHook } from '../../ports/risk-hook.ts';
import { type Dsn, parseDsn, type Parsed, wrong, optionsProblem, readTimeout } from '../dsn.ts';
import { systemCode } from '../outcome.ts';
import { callHttp, type HttpAnswer, NoAnswerError } from '../provider/http.ts';
import { readWebhookSettings, type WebhookSettings } from './settings.ts';
import { webhookSignature } from './signature.ts';

const OPTIONS = ['secret', 'tls', 'on_failure', 'timeout_ms', 'facts'];
const FACTS = ['masked', 'full'] as const;
const TIMEOUT_MS = { least: 100, usual: 1_500, most: 5_000 };
const REASON = /^[a-z0-9_.-]{1,40}$/;

interface HookSettings extends WebhookSettings, Pick<RiskHook, 'onFailure' | 'facts'> {
  readonly timeoutMs: number;
}

/** Null when a risk hook can be opened from the DSN, else what is wrong with it; never quotes a value. */
export function riskHookProblem(dsn: string): string | null {
  const read = readHook(dsn);
  return read.ok ? null : read.problem;
}

/** `webhook://host/path?secret=whsec_…&on_failure=challenge&timeout_ms=1500&facts=masked&tls=0`. Throws on what {@link riskHookProblem} refuses. */
export function createRiskHook(dsn: Secret, { now }: { now(): number }): RiskHook {
  const read = readHook(dsn.reveal());
  if (!read.ok) throw new Error(`The risk hook cannot be used: ${read.problem}.`);
  const { url, keys, timeoutMs, onFailure, facts } = read.value;
  return {
    onFailure,
    facts,
    async ask(id, body) {
      const timestamp = Math.floor(now() / 1000);
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Watchword',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': await webhookSignature({ id, timestamp, body }, keys),
      };
      try {
        return answerOf(await callHttp({ method: 'POST', url, headers, body }, AbortSignal.timeout(timeoutMs)));
      } catch (error) {
        if (error instanceof NoAnswerError) return failed(`no answer within ${timeoutMs} ms`);
        return failed(`no connection (${systemCode(error) ?? 'failed'})`);
      }
    },
  };
}

function readHook(dsn: string): Parsed<HookSettings> {
  const parsed = parseDsn(dsn);
  if (!parsed.ok) return parsed;
  if (parsed.value.scheme !== 'webhook') return wrong('it must be a webhook:// address');
  const { options } = parsed.value;
  const stray = optionsProblem(options, OPTIONS, ['secret']);
  if (stray !== null) return wrong(stray);
  const onFailure = oneOf(options, 'on_failure', RISK_DECISIONS, 'challenge');
  if (onFailure === null) return wrong(`option on_failure must be ${RISK_DECISIONS.join(', ')}`);
  const facts = oneOf(options, 'facts', FACTS, 'masked');
  if (facts === null) return wrong(`option facts must be ${FACTS.join(' or ')}`);
  const timeout = readTimeout(options, TIMEOUT_MS);
  if (!timeout.ok) return timeout;
  const settings = readWebhookSettings(parsed.value);
  return settings.ok
    ? { ok: true, value: { ...settings.value, timeoutMs: timeout.value, onFailure, facts } }
    : settings;
}

function oneOf<const Word extends string>(
  options: Dsn['options'],
  name: string,
  words: readonly Word[],
  usual: Word,
): Word | null {
  const given = options.get(name)?.[0] ?? usual;
  return words.find((word) => word === given) ?? null;
}

/** Anything but a plain decision is a failure: a page of a proxy in between must not count as a yes. */
function answerOf({ status, text }: HttpAnswer): RiskAnswer {
  if (status < 200 || status >= 300) return failed(`it answered ${status}`);
  const answer = objectOf(text);
  const decision = RISK_DECISIONS.find((word): word is RiskDecision => word === answer?.['decision']);
  if (decision === undefined) return failed('its answer has no decision that is known');
  const reason = answer?.['reason'];
  return { type: 'decided', decision, reason: typeof reason === 'string' && REASON.test(reason) ? reason : null };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function failed(detail: string): RiskAnswer {
  return { type: 'failed', detail };
}
