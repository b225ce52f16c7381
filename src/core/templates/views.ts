import type { ChannelName } from '../verification.ts';
import type { TemplateContent } from './template.ts';

/** A template as every edge shows it. Times are null where the configuration file sets it (`managed`, read-only). */
export interface TemplateView extends TemplateContent {
  readonly id: string;
  readonly object: 'template';
  readonly managed: boolean;
  /** What its author should know: several segments, a late code. */
  readonly warnings: readonly string[];
  readonly created_at: string | null;
  readonly updated_at: string | null;
}

/** A message as it would be sent, with dots for the code. */
export interface TemplatePreviewView {
  readonly object: 'template_preview';
  readonly channel: ChannelName;
  readonly purpose: string;
  /** The language of the message. */
  readonly locale: string;
  /** Whose words: those of the request, the application's template, or ours. */
  readonly source: 'request' | 'template' | 'built_in';
  readonly template: string | null;
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
  readonly encoding: 'gsm7' | 'ucs2' | null;
  readonly segments: number | null;
  readonly estimated_cost: string | null;
  readonly warnings: readonly string[];
}
