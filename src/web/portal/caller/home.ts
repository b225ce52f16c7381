import { portalAct, portalPage, type Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { firstCountry } from './destination-field.tsx';
import { deskPage } from './landing.tsx';
import { DESK_PATH } from './paths.ts';
import { send } from './send.ts';
import { untouched } from './typed.ts';

/** Where signing in leads: the form that sends a code, and what the desk did today. */
export const HOME: readonly StaffRoute[] = [
  portalPage({ path: DESK_PATH, right: 'staff', show }),
  portalAct({ path: DESK_PATH, right: 'desk.send', act: send }),
];

async function show(visit: Visit): Promise<Page> {
  const again = await recordAgain(visit);
  const form = await visit.service.desk.sendForm(visit.caller, again?.purpose ?? '');
  const typed = untouched(form, firstCountry(visit), again);
  return deskPage(visit, { form, typed, refusals: [], doubt: null });
}

/** The record that a new code is to follow: its reason and ticket are kept, the number is asked again. */
async function recordAgain(visit: Visit) {
  const id = visit.query('again');
  const found = id === '' ? null : await visit.service.desk.open(visit.caller, id);
  return found?.ok === true ? found.value.record : null;
}
