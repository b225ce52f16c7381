/** A small document with every shape of schema that the reference must read. */
export function openApiFixture(): object {
  return {
    openapi: '3.1.0',
    info: { title: 'Watchword', version: '0.1.0' },
    tags: [{ name: 'Verifications', description: 'A code goes out and comes back.' }, { name: 'Service' }],
    paths: {
      '/v1/verifications': { post: START, get: LIST },
      '/v1/verifications/{id}/checks': { parameters: [{ $ref: '#/components/parameters/id' }], post: CHECK },
      '/healthz': { get: HEALTH },
    },
    components: {
      parameters: {
        id: {
          name: 'id',
          in: 'path',
          required: true,
          description: 'Id of the verification.',
          schema: { type: 'string' },
        },
      },
      responses: {
        Invalid: { description: 'One of `invalid_request`.', content: problem() },
      },
      schemas: {
        Start,
        Verification,
        Loop: { type: 'object', properties: { next: { $ref: '#/components/schemas/Loop' } } },
        Problem: { type: 'object', properties: { code: { type: 'string' }, status: { type: 'integer' } } },
        SendRefusal: {
          allOf: [{ $ref: '#/components/schemas/Problem' }],
          properties: { code: { enum: ['send_cooldown', 'limit_exceeded'] } },
        },
      },
    },
  };
}

function problem(name = 'Problem') {
  return { 'application/problem+json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

const Start = {
  type: 'object',
  required: ['to'],
  additionalProperties: false,
  properties: {
    to: {
      description: 'A phone number or an e-mail address.',
      anyOf: [
        { type: 'string', maxLength: 320 },
        {
          type: 'object',
          required: ['phone'],
          properties: { phone: { type: 'string' }, country: { type: 'string', pattern: '^[A-Z]{2}$' } },
        },
      ],
    },
    channel: { enum: ['sms', 'email'], description: 'Without it the policy chooses.' },
    channels: { type: 'array', minItems: 1, maxItems: 5, items: { type: 'string', enum: ['sms', 'email'] } },
    purpose: { type: 'string', default: 'login', pattern: '^[a-z]+$' },
    metadata: { type: 'object', maxProperties: 20, additionalProperties: { type: 'string', maxLength: 500 } },
    reference: { type: 'string', maxLength: 128 },
    ttl_seconds: { type: 'integer', minimum: 30, maximum: 86400 },
    loop: { $ref: '#/components/schemas/Loop' },
  },
};

const Verification = {
  type: 'object',
  required: ['id', 'status'],
  properties: {
    id: { type: 'string', examples: ['vrf_01JD4Z3C8E'] },
    status: { type: 'string', enum: ['pending', 'approved'] },
    approved_at: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
    reference: { type: ['string', 'null'] },
    sends: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  },
};

const START = {
  operationId: 'startVerification',
  tags: ['Verifications'],
  summary: 'Start a verification',
  description: 'Sends a one-time code. Needs the scope `send`.\n\nThe code itself is never in an answer.',
  requestBody: {
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Start' } } },
  },
  responses: {
    201: {
      description: 'Created',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Verification' } } },
    },
    400: { $ref: '#/components/responses/Invalid' },
    429: { description: 'Too early or too many.', content: problem('SendRefusal') },
    503: { description: 'Not now.', content: problem() },
  },
};

const LIST = {
  operationId: 'listVerifications',
  tags: ['Verifications'],
  summary: 'List verifications',
  parameters: [
    { name: 'status', in: 'query', schema: { type: 'string', enum: ['pending', 'approved'] } },
    { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
  ],
  responses: {
    200: {
      description: 'A page',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { data: { type: 'array', items: { $ref: '#/components/schemas/Verification' } } },
          },
        },
      },
    },
  },
};

const CHECK = {
  operationId: 'checkVerification',
  tags: ['Verifications'],
  summary: 'Check a code',
  requestBody: {
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['code'],
          properties: { code: { type: 'string', minLength: 4, maxLength: 64 } },
        },
      },
    },
  },
  responses: { 200: { description: 'Checked' } },
};

const HEALTH = {
  operationId: 'health',
  tags: ['Service'],
  summary: 'Is it alive?',
  security: [],
  responses: { 200: { description: 'Alive', content: { 'text/plain': {} } } },
};
