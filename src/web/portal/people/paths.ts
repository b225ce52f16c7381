import type { RepresentativeView } from '../../../core/people-views.ts';

export const PEOPLE_PATH = '/desk/people';
export const IMPORT_PATH = `${PEOPLE_PATH}/import`;
export const PEOPLE_CRUMB = { path: PEOPLE_PATH, word: 'People' };

export function clientPath(id: string): string {
  return `${PEOPLE_PATH}/${id}`;
}

export function representativePath({ id, client }: Pick<RepresentativeView, 'id' | 'client'>): string {
  return `${PEOPLE_PATH}/${client}/representatives/${id}`;
}

/** `Mara Ellison`; an erased person has no name any more. */
export function nameOf({ first_name: first, last_name: last, status }: RepresentativeView): string {
  return status === 'erased' ? 'Erased person' : `${first} ${last}`;
}
