import type { Result } from '../../core/errors.ts';
import type { TemplateInput } from '../../core/templates/template.ts';
import type { TemplatePreviewView, TemplateView } from '../../core/templates/views.ts';
import type { ChannelName, StringMap } from '../../core/verification.ts';
import type { ListView } from '../../core/views.ts';
import type { Caller } from '../api/caller.ts';

/** Without `text`: the words in use. */
export interface TemplatePreviewInput extends Omit<TemplateInput, 'text'> {
  readonly text?: string;
  readonly context?: StringMap;
}

/** Own words of messages; of both modes, at most a second behind a change made by any instance. */
export interface TemplatesService {
  /** In the order of ids, those of the configuration file too. */
  list(
    caller: Caller,
    input: {
      readonly channel?: ChannelName;
      readonly purpose?: string;
      readonly locale?: string;
      readonly limit?: number;
      readonly cursor?: string;
    },
  ): Promise<Result<ListView<TemplateView>>>;
  get(caller: Caller, id: string): Promise<Result<TemplateView>>;
  /** Writes the template of a channel, purpose and locale; refused with pointers when the linter finds an error. */
  put(caller: Caller, input: TemplateInput): Promise<Result<TemplateView>>;
  remove(caller: Caller, id: string): Promise<Result<{ readonly deleted: true }>>;
  /** What a message with these words would be; saves nothing. */
  preview(caller: Caller, input: TemplatePreviewInput): Promise<Result<TemplatePreviewView>>;
}
