import { renderMessage, type RenderedMessage } from '../../core/message.ts';
import { detailsOf } from '../../core/payment.ts';
import type { Policy } from '../../core/policy.ts';
import { chooseTemplate, type Template } from '../../core/templates/template.ts';
import type { ChannelName, StringMap } from '../../core/verification.ts';
import type { Application } from '../../ports/settings.ts';

/** What decides a message beside the code. */
export interface MessageFacts {
  /** Null when it is gone. */
  readonly application: Pick<Application, 'brand' | 'locale'> | null;
  readonly policy: Policy;
  readonly channel: ChannelName;
  readonly purpose: string;
  readonly locale: string;
  readonly context: StringMap | null;
  readonly code: string;
  readonly minutes: number;
  /** Where its reader says that they did not ask for it, null = nowhere. */
  readonly notMeUrl: string | null;
  /** The caller's own words for an SMS, null = those of the application. */
  readonly own?: Template | null;
  /** Where the reader of an e-mail confirms without typing, null = nowhere. */
  readonly confirmUrl: string | null;
}

/** A message and the template it is made from, null = our own words. */
export interface ChosenMessage {
  readonly message: RenderedMessage;
  readonly template: Template | null;
}

/** The message that goes out: in the caller's own words, else of the templates the one that fits best, else our own words. */
export function chosenMessage(templates: readonly Template[], facts: MessageFacts): ChosenMessage {
  const { channel, purpose, locale, context, policy } = facts;
  const own = channel === 'sms' ? (facts.own ?? null) : null;
  const template =
    own ??
    chooseTemplate(templates, {
      channel,
      purpose,
      locale,
      fallbackLocale: facts.application?.locale ?? 'en',
      details: detailsOf(context),
      domain: policy.sms_domain ?? null,
      link: facts.confirmUrl !== null,
    });
  return { message: messageFrom(template, facts), template };
}

/** The message with these very words. */
export function messageFrom(template: Template | null, facts: MessageFacts): RenderedMessage {
  const { application, policy, context, own: _own, ...rest } = facts;
  return renderMessage({
    ...rest,
    fallbackLocale: application?.locale ?? 'en',
    brand: application?.brand ?? '',
    // Policies that were frozen before these fields were there have none of them.
    origin: policy.sms_domain ?? null,
    appHash: policy.sms_app_hash ?? null,
    details: detailsOf(context),
    template,
  });
}
