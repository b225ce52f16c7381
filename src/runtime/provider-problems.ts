import { checkDsn, DEVELOPMENT_SCHEMES } from '../channels/schemes.ts';
import { captchaProblem } from '../channels/captcha/captcha.ts';
import { riskHookProblem } from '../channels/webhook/risk-hook.ts';
import { dsnScheme } from '../channels/dsn.ts';
import type { ProviderDsns, SettingProblem, Settings } from '../config/index.ts';
import type { Secret } from '../core/redacted.ts';
import { CHANNELS, type ChannelName } from '../core/verification.ts';

/** One DSN with the name under which a person finds it, e.g. `WATCHWORD_CONFIG/applications/0/providers/sms/1`. */
export interface NamedDsn {
  readonly name: string;
  readonly kind: ChannelName;
  readonly dsn: Secret;
}

/** Every DSN of the settings. */
export function namedDsns(settings: Settings): readonly NamedDsn[] {
  const common = dsnsOf(settings.providers, (kind) => `WATCHWORD_${kind.toUpperCase()}`);
  const own = settings.config.applications.flatMap(({ providers }, index) =>
    dsnsOf(providers, (kind, place) => `WATCHWORD_CONFIG/applications/${index}/providers/${kind}/${place}`),
  );
  return [...common, ...own];
}

function dsnsOf(providers: ProviderDsns, nameOf: (kind: ChannelName, place: number) => string): NamedDsn[] {
  return CHANNELS.flatMap((kind) =>
    (providers[kind] ?? []).map((dsn, place) => ({ name: nameOf(kind, place), kind, dsn })),
  );
}

/** What is wrong with the DSNs, all at once; in production also those that deliver to nobody. */
export function providerProblems(settings: Settings): SettingProblem[] {
  return namedDsns(settings).flatMap(({ name, kind, dsn }) => {
    const problem = checkDsn(dsn.reveal(), kind) ?? refusedInProduction(settings, dsn);
    return problem === null ? [] : [{ name, problem: `cannot be used: ${problem}` }];
  });
}

function refusedInProduction({ mode }: Settings, dsn: Secret): string | null {
  const scheme = dsnScheme(dsn.reveal());
  return mode === 'production' && DEVELOPMENT_SCHEMES.includes(scheme)
    ? `${scheme}:// is refused in production: it delivers to nobody`
    : null;
}

/** What is wrong with the DSNs that ask about starts: the risk hook's and the CAPTCHA's. */
export function questionProblems({ riskHook, captcha }: Settings): SettingProblem[] {
  const checks = [
    ['WATCHWORD_RISK_HOOK', riskHook, riskHookProblem],
    ['WATCHWORD_CAPTCHA', captcha, captchaProblem],
  ] as const;
  return checks.flatMap(([name, dsn, check]) => {
    const problem = dsn === null ? null : check(dsn.reveal());
    return problem === null ? [] : [{ name, problem: `cannot be used: ${problem}` }];
  });
}
