import type { ProviderSpec } from '../provider/spec.ts';
import { TWILIO } from './twilio.ts';
import { AWS_SMS } from './aws-sms.ts';
import { KAVENEGAR } from './kavenegar.ts';
import { MAILGUN } from './mailgun.ts';
import { MESSAGEBIRD } from './messagebird.ts';
import { POSTMARK } from './postmark.ts';
import { RESEND } from './resend.ts';
import { SENDGRID } from './sendgrid.ts';
import { SES } from './ses.ts';
import { SINCH } from './sinch.ts';
import { SNS } from './sns.ts';
import { TELEGRAM } from './telegram.ts';
import { WHATSAPP } from './whatsapp.ts';
import { INFOBIP } from './infobip.ts';
import { PLIVO } from './plivo.ts';
import { TELNYX } from './telnyx.ts';
import { VONAGE } from './vonage.ts';
import { VONAGE_VOICE } from './vonage-voice.ts';

/** Every provider that is asked over HTTP, by the scheme of its DSN. */
export const PROVIDERS: Readonly<Record<string, ProviderSpec>> = Object.fromEntries(
  [
    TWILIO,
    MAILGUN,
    POSTMARK,
    RESEND,
    SENDGRID,
    SES,
    SNS,
    AWS_SMS,
    MESSAGEBIRD,
    SINCH,
    KAVENEGAR,
    TELEGRAM,
    WHATSAPP,
    INFOBIP,
    PLIVO,
    TELNYX,
    VONAGE,
    VONAGE_VOICE,
  ].map((spec) => [spec.scheme, spec]),
);
