import type { PeopleService } from './api.ts';
import { addClient, changeClient, findClients, getClient, listClients, removeClient } from './clients.ts';
import type { PeopleDeps } from './deps.ts';
import { history, ofRecord, send } from './history.ts';
import { importPeople, previewImport } from './import.ts';
import {
  addRepresentative,
  changeRepresentative,
  eraseRepresentative,
  getRepresentative,
  listRepresentatives,
} from './representatives.ts';

export type * from './api.ts';

/** Clients and who may act for them. */
export function createPeople(deps: PeopleDeps): PeopleService {
  return {
    find: (caller, query) => findClients(deps, caller, query),
    list: (caller, page) => listClients(deps, caller, page),
    get: (caller, id) => getClient(deps, caller, id),
    add: (caller, input) => addClient(deps, caller, input),
    change: (caller, id, input) => changeClient(deps, caller, id, input),
    remove: (caller, id) => removeClient(deps, caller, id),
    representatives: (caller, query) => listRepresentatives(deps, caller, query),
    representative: (caller, id) => getRepresentative(deps, caller, id),
    addRepresentative: (caller, client, input) => addRepresentative(deps, caller, client, input),
    changeRepresentative: (caller, id, input) => changeRepresentative(deps, caller, id, input),
    eraseRepresentative: (caller, id) => eraseRepresentative(deps, caller, id),
    history: (caller, client, query) => history(deps, caller, client, query),
    send: (caller, client, input) => send(deps, caller, client, input),
    ofRecord: (caller, record) => ofRecord(deps, caller, record),
    previewImport: (caller, csv) => previewImport(deps, caller, csv),
    import: (caller, csv) => importPeople(deps, caller, csv),
  };
}
