import { portalAct, portalPage } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import { add, edit, editPage, newPage, remove, removePage } from './client-forms.tsx';
import { clientPage, send } from './client.tsx';
import { importPage, importPeople, MAX_IMPORT_BYTES } from './import.tsx';
import { listPage } from './list.tsx';
import { IMPORT_PATH, PEOPLE_PATH } from './paths.ts';
import {
  addRepresentative,
  changeRepresentative,
  editRepresentative,
  erasePerson,
  erasePersonPage,
  newRepresentative,
  deactivatePage,
  setState,
} from './representative-forms.tsx';

const CLIENT = `${PEOPLE_PATH}/:id`;
const PERSON = `${CLIENT}/representatives/:rep`;

/** Clients, and who may act for them. */
export const PEOPLE: readonly StaffRoute[] = [
  portalPage({ path: PEOPLE_PATH, right: 'people.view', show: listPage }),
  portalPage({ path: `${PEOPLE_PATH}/new`, right: 'people.edit', show: newPage }),
  portalAct({ path: `${PEOPLE_PATH}/new`, right: 'people.edit', act: add }),
  portalPage({ path: IMPORT_PATH, right: 'people.edit', show: importPage }),
  portalAct({
    path: IMPORT_PATH,
    right: 'people.edit',
    form: { maxBytes: MAX_IMPORT_BYTES, files: true },
    act: importPeople,
  }),
  portalPage({ path: CLIENT, right: 'people.view', show: (visit) => clientPage(visit) }),
  portalAct({ path: `${CLIENT}/send`, right: 'desk.send', act: send }),
  portalPage({ path: `${CLIENT}/edit`, right: 'people.edit', show: editPage }),
  portalAct({ path: `${CLIENT}/edit`, right: 'people.edit', act: edit }),
  portalPage({ path: `${CLIENT}/remove`, right: 'people.deactivate', show: removePage }),
  portalAct({ path: `${CLIENT}/remove`, right: 'people.deactivate', act: remove }),
  portalPage({ path: `${CLIENT}/representatives/new`, right: 'people.edit', show: newRepresentative }),
  portalAct({ path: `${CLIENT}/representatives/new`, right: 'people.edit', act: addRepresentative }),
  portalPage({ path: PERSON, right: 'people.edit', show: editRepresentative }),
  portalAct({ path: PERSON, right: 'people.edit', act: changeRepresentative }),
  portalPage({ path: `${PERSON}/state`, right: 'people.deactivate', show: deactivatePage }),
  portalAct({ path: `${PERSON}/state`, right: 'people.deactivate', act: setState }),
  portalPage({ path: `${PERSON}/erase`, right: 'people.erase', show: erasePersonPage }),
  portalAct({ path: `${PERSON}/erase`, right: 'people.erase', act: erasePerson }),
];
