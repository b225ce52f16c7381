import { templateFrom, type Template, type TemplateInput } from '../../core/templates/template.ts';
import type { StoredDocument } from '../../ports/documents.ts';

export const TEMPLATE_KIND = 'template';

/** A template as the service uses it: saved through the API, or set by the configuration file (`managed`, version 0). */
export interface SavedTemplate extends Template {
  readonly managed: boolean;
  readonly version: number;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
}

type Body = Omit<SavedTemplate, 'managed' | 'version' | 'createdAt'>;

/** Documents are known by kind and id alone, so the application is part of theirs. */
export function documentId(application: string, id: string): string {
  return `${application}|${id}`;
}

export function templateDocument(application: string, template: SavedTemplate, createdAt: number): StoredDocument {
  const { managed: _managed, version, createdAt: _createdAt, ...body } = template;
  return {
    kind: TEMPLATE_KIND,
    id: documentId(application, template.id),
    application,
    index: null,
    version,
    body: JSON.stringify(body satisfies Body),
    createdAt,
    dueAt: null,
    endsAt: null,
  };
}

export function savedFrom({ body, version, createdAt }: StoredDocument): SavedTemplate {
  return { ...(JSON.parse(body) as Body), managed: false, version, createdAt };
}

export function managedFrom(input: TemplateInput): SavedTemplate | null {
  const template = templateFrom(input);
  return template === null ? null : { ...template, managed: true, version: 0, createdAt: null, updatedAt: null };
}
