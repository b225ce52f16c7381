import { portalAct, portalPage } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import { addNote, erase, erasePage, reveal, revealPage } from './acts.tsx';
import { evidenceSheet } from './evidence-sheet.tsx';
import { exportRecords } from './export.ts';
import { listPage } from './list.tsx';
import { RECORDS_PATH } from './place.ts';
import { recordPage } from './record.tsx';

const RECORD = `${RECORDS_PATH}/:id`;

/** Every code sent, skipped or refused: look, note, take out, uncover, erase. */
export const RECORDS: readonly StaffRoute[] = [
  portalPage({ path: RECORDS_PATH, right: 'records.view', show: listPage }),
  portalAct({ path: `${RECORDS_PATH}/export`, right: 'records.export', act: exportRecords }),
  portalPage({ path: RECORD, right: 'records.view', show: (visit) => recordPage(visit) }),
  portalAct({ path: `${RECORD}/notes`, right: 'records.note', act: addNote }),
  portalPage({ path: `${RECORD}/evidence`, right: 'records.print', show: evidenceSheet }),
  portalPage({ path: `${RECORD}/reveal`, right: 'records.reveal', show: (visit) => revealPage(visit) }),
  portalAct({ path: `${RECORD}/reveal`, right: 'records.reveal', act: reveal }),
  portalPage({ path: `${RECORD}/erase`, right: 'people.erase', show: (visit) => erasePage(visit) }),
  portalAct({ path: `${RECORD}/erase`, right: 'people.erase', act: erase }),
];
