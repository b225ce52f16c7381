import { refuse } from '../../core/errors.ts';
import * as schema from '../../schema/index.ts';
import { invalid } from '../problem.ts';
import { render, renderOnce } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

const tag = 'People';
const errors = ['invalid_destination'] as const;
const PERSON = ['Person', schema.personSchema] as const;

/** The directory, and what an operator does about one destination. */
export const PEOPLE_ROUTES: readonly Route[] = [
  keyed({
    method: 'POST',
    path: '/v1/directory',
    operationId: 'putPerson',
    tag,
    scope: 'admin',
    summary: 'Add a person to the directory',
    doc: 'Under `recipients: directory` only known people get codes. A destination already there is updated.',
    body: ['PersonInput', schema.personInputSchema],
    idempotent: true,
    example: { to: 'a@b.example', name: 'Ada' },
    responses: { 201: { description: 'The person.', schema: PERSON } },
    errors,
    handle: async (call) => renderOnce(call, () => call.service.directory.put(call.caller, call.body), 201),
  }),
  keyed({
    method: 'GET',
    path: '/v1/directory',
    operationId: 'listPeople',
    tag,
    scope: 'admin',
    summary: 'List the directory',
    doc: 'Destinations are masked; `to` finds one by its exact address.',
    query: schema.directoryQuerySchema,
    responses: {
      200: { description: 'A page of people.', schema: ['PersonList', schema.listSchema(schema.personSchema)] },
    },
    errors,
    handle: async (call) => render(call, await call.service.directory.list(call.caller, call.query)),
  }),
  keyed({
    method: 'DELETE',
    path: '/v1/directory',
    operationId: 'removePerson',
    tag,
    scope: 'admin',
    summary: 'Remove a person from the directory',
    doc: 'Named by `to` in a JSON body or in the query (the body keeps the address out of proxies’ logs).',
    query: schema.toQuerySchema,
    body: ['OptionalDestination', schema.optionalDestinationSchema],
    bodyOptional: true,
    example: { to: 'a@b.example' },
    responses: { 200: { description: 'Removed.', schema: ['Deleted', schema.deletedSchema] } },
    errors: ['invalid_destination', 'not_found'],
    async handle(call) {
      const to = call.body.to ?? call.query.to;
      const both = call.body.to !== undefined && call.query.to !== undefined;
      if (to !== undefined && !both) return render(call, await call.service.directory.remove(call.caller, to));
      const detail = both ? 'is in the body and in the query' : 'is required';
      return render(
        call,
        refuse(invalid('Name one destination.', [{ pointer: '/to', code: both ? 'repeated' : 'missing', detail }])),
      );
    },
  }),
  keyed({
    method: 'POST',
    path: '/v1/directory/rebind',
    operationId: 'rebindDestination',
    tag,
    scope: 'admin',
    summary: 'Open a destination that failed checks have locked',
    doc: 'Clears its count of failed checks in a row, once an operator made sure whose it is.',
    body: ['Destination', schema.destinationSchema],
    idempotent: true,
    example: { to: '+14155552671' },
    responses: {
      200: { description: 'Whether there was anything to clear.', schema: ['Rebound', schema.reboundSchema] },
    },
    errors,
    handle: async (call) => renderOnce(call, () => call.service.directory.rebind(call.caller, call.body.to)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/directory/forget-devices',
    operationId: 'forgetDevices',
    tag,
    scope: 'admin',
    summary: 'Forget the devices that hosted pages remember for a destination',
    doc: 'The next sign-in needs a code everywhere. Ask for it when somebody changed their address or password, or lost a device.',
    body: ['Destination', schema.destinationSchema],
    idempotent: true,
    example: { to: '+14155552671' },
    responses: { 200: { description: 'How many there were.', schema: ['Forgotten', schema.forgottenSchema] } },
    errors,
    handle: async (call) => renderOnce(call, () => call.service.directory.forgetDevices(call.caller, call.body.to)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/erasures',
    operationId: 'eraseDestination',
    tag,
    scope: 'admin',
    summary: 'Erase every trace of a destination',
    doc: 'In the records of this application; bare rows and daily totals stay.',
    body: ['Destination', schema.destinationSchema],
    idempotent: true,
    example: { to: '+14155552671' },
    responses: { 200: { description: 'How many records were changed.', schema: ['Erased', schema.erasedSchema] } },
    errors,
    handle: async (call) => renderOnce(call, () => call.service.records.erase(call.caller, call.body.to)),
  }),
];
