import * as schema from '../../schema/index.ts';
import { json, renderOnce } from '../reply.ts';
import { keyed, open } from '../route.ts';
import type { Route } from '../route.ts';

const tag = 'Receipts';

export const RECEIPT_ROUTES: readonly Route[] = [
  keyed({
    method: 'POST',
    path: '/v1/receipts/verify',
    operationId: 'verifyReceipt',
    tag,
    scope: 'check',
    summary: 'Verify a receipt',
    doc: 'The first valid call of the receipt’s own application uses it up. A test receipt is never valid for a live key.',
    body: ['ReceiptInput', schema.receiptInputSchema],
    idempotent: true,
    responses: {
      200: {
        description: 'Whether it is valid, and what it says.',
        schema: ['ReceiptVerdict', schema.receiptVerdictSchema],
      },
    },
    handle: async (call) => renderOnce(call, () => call.service.receipts.verify(call.caller, call.body.receipt)),
  }),
  open({
    method: 'GET',
    path: '/.well-known/jwks.json',
    operationId: 'getJwks',
    tag,
    summary: 'Public keys of the receipts',
    doc: 'For verifying receipts offline.',
    responses: { 200: { description: 'A JSON Web Key Set.', schema: ['Jwks', schema.jwksSchema] } },
    handle: async (exchange) => json(exchange, exchange.service.receipts.jwks()),
  }),
];
