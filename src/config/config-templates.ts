import { effectivePolicy } from '../core/policy.ts';
import { findingsFor, lintProblem, USUAL_PURPOSE } from '../core/templates/as-sent.ts';
import { templateFrom } from '../core/templates/template.ts';
import { type Config, type ConfiguredApplication, pointer } from '../schema/index.ts';
import type { SettingProblem } from './given.ts';

/** About as long as the links will be: the address of the pages is another setting. */
const SAMPLE_LINK = `https://otp.shop.example/not-me/${'x'.repeat(62)}`;

/** What the linter refuses of the file's templates, and two for the same. */
export function templateProblems(config: Config, name: string): SettingProblem[] {
  return (config.applications ?? []).flatMap((application, index) => {
    const seen = new Set<string>();
    return (application.templates ?? []).flatMap((input, at) => {
      const place = pointer(['applications', index, 'templates', at], name);
      const template = templateFrom(input);
      if (template === null) return [{ name: `${place}/locale`, problem: 'is no BCP 47 language tag' }];
      const isSecond = seen.has(template.id);
      seen.add(template.id);
      if (isSecond) return [{ name: place, problem: 'is for the same channel, purpose and locale as one before' }];
      const findings = findingsFor(template, senderOf(application, template.purpose ?? USUAL_PURPOSE));
      const errors = lintProblem(findings)?.errors ?? [];
      return errors.map((error) => ({ name: place + error.pointer, problem: error.detail }));
    });
  });
}

function senderOf({ name, brand, locale, preset, policies }: ConfiguredApplication, purpose: string) {
  const own = policies !== undefined && Object.hasOwn(policies, purpose) ? policies[purpose] : undefined;
  const policy = effectivePolicy(own ?? {}, preset ?? 'default');
  const notMeUrl = policy.not_me_link === 'email_and_sms' ? SAMPLE_LINK : null;
  return { brand: brand ?? name, locale: locale ?? 'en', policy, notMeUrl };
}
