import { ok } from '../../core/errors.ts';
import * as schema from '../../schema/index.ts';
import { render, renderOnce } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

const tag = 'Clients';
const scope = 'admin';
const CLIENT = ['Client', schema.clientSchema] as const;
const REPRESENTATIVE = ['Representative', schema.representativeSchema] as const;

/** Companies that call, and who may act for them. */
export const CLIENT_ROUTES: readonly Route[] = [
  keyed({
    method: 'POST',
    path: '/v1/clients',
    operationId: 'createClient',
    tag,
    scope,
    summary: 'Add a client',
    doc: 'A company for which somebody may call the desk. Names are unique, whatever the case.',
    body: ['ClientInput', schema.clientInputSchema],
    idempotent: true,
    example: { company: 'Bluegum Logistics', country: 'AU', reference: '30-118842' },
    responses: { 201: { description: 'The client.', schema: CLIENT } },
    errors: ['conflict'],
    handle: async (call) => renderOnce(call, () => call.service.people.add(call.caller, call.body), 201),
  }),
  keyed({
    method: 'GET',
    path: '/v1/clients',
    operationId: 'listClients',
    tag,
    scope,
    summary: 'List the clients of the application',
    doc: 'Oldest first.',
    query: schema.pageQuerySchema,
    responses: {
      200: { description: 'A page of clients.', schema: ['ClientList', schema.listSchema(schema.clientSchema)] },
    },
    handle: async (call) => render(call, await call.service.people.list(call.caller, call.query)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/clients/{id}',
    operationId: 'getClient',
    tag,
    scope,
    summary: 'Get a client',
    doc: 'Its people are listed by `GET /v1/representatives?client=…`.',
    responses: { 200: { description: 'The client.', schema: CLIENT } },
    errors: ['not_found'],
    async handle(call) {
      const found = await call.service.people.get(call.caller, call.param);
      if (!found.ok) return render(call, found);
      const { representatives: _people, ...client } = found.value;
      return render(call, ok(client));
    },
  }),
  keyed({
    method: 'PATCH',
    path: '/v1/clients/{id}',
    operationId: 'updateClient',
    tag,
    scope,
    summary: 'Change a client',
    doc: 'What is absent stays; null empties.',
    body: ['ClientPatch', schema.clientPatchSchema],
    example: { reference: '30-118843' },
    responses: { 200: { description: 'The client.', schema: CLIENT } },
    errors: ['not_found'],
    handle: async (call) => render(call, await call.service.people.change(call.caller, call.param, call.body)),
  }),
  keyed({
    method: 'DELETE',
    path: '/v1/clients/{id}',
    operationId: 'deleteClient',
    tag,
    scope,
    summary: 'Remove a client',
    doc: 'With its representatives, who also leave the directory. Verification records stay.',
    responses: { 200: { description: 'Removed.', schema: ['Deleted', schema.deletedSchema] } },
    errors: ['not_found'],
    handle: async (call) => render(call, await call.service.people.remove(call.caller, call.param)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/representatives',
    operationId: 'createRepresentative',
    tag,
    scope,
    summary: 'Add a representative of a client',
    doc: 'Somebody who may act for a client, by a mobile number, an e-mail address or both. Active from the start, and in the directory.',
    body: ['RepresentativeInput', schema.representativeInputSchema],
    idempotent: true,
    example: {
      client: 'cli_01MC6Z2V8Q4R7T9WAXB3C5D7E9F1G3',
      first_name: 'Mara',
      last_name: 'Ellison',
      mobile: '+14155552671',
    },
    responses: { 201: { description: 'The representative.', schema: REPRESENTATIVE } },
    errors: ['not_found', 'conflict'],
    async handle(call) {
      const { client, ...input } = call.body;
      const add = () => call.service.people.addRepresentative(call.caller, client, input);
      return renderOnce(call, add, 201);
    },
  }),
  keyed({
    method: 'GET',
    path: '/v1/representatives',
    operationId: 'listRepresentatives',
    tag,
    scope,
    summary: 'List representatives',
    doc: 'Oldest first, active or not; `client` narrows them to one client. Addresses are masked.',
    query: schema.representativesQuerySchema,
    responses: {
      200: {
        description: 'A page of representatives.',
        schema: ['RepresentativeList', schema.listSchema(schema.representativeSchema)],
      },
    },
    handle: async (call) => render(call, await call.service.people.representatives(call.caller, call.query)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/representatives/{id}',
    operationId: 'getRepresentative',
    tag,
    scope,
    summary: 'Get a representative',
    doc: 'Of an erased person only the id is left.',
    responses: { 200: { description: 'The representative.', schema: REPRESENTATIVE } },
    errors: ['not_found'],
    handle: async (call) => render(call, await call.service.people.representative(call.caller, call.param)),
  }),
  keyed({
    method: 'PATCH',
    path: '/v1/representatives/{id}',
    operationId: 'updateRepresentative',
    tag,
    scope,
    summary: 'Change a representative',
    doc: 'What is absent stays; null empties. `active: false` ends codes to this person. Nobody is deleted: `POST /v1/erasures` erases a person by their address.',
    body: ['RepresentativePatch', schema.representativePatchSchema],
    example: { active: false },
    responses: { 200: { description: 'The representative.', schema: REPRESENTATIVE } },
    errors: ['not_found', 'conflict'],
    handle: async (call) =>
      render(call, await call.service.people.changeRepresentative(call.caller, call.param, call.body)),
  }),
];
