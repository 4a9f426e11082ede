import type { OpenAPIObject } from '@nestjs/swagger';
import { POSITION_HEADER, WAIT_FOR_HEADER } from '../http/position.ts';

type Components = NonNullable<OpenAPIObject['components']>;

export const DEVICE_SCHEMES = ['deviceSignature', 'deviceSignatureInput', 'deviceContentDigest', 'deviceLast'] as const;

/** What many operations refer to: the problem, the headers, the ways to say who calls. */
export function sharedComponents(components: Components): Components {
  return {
    ...components,
    schemas: { ...components.schemas, Problem: PROBLEM },
    responses: {
      Problem: {
        description: 'Refused, or not now: problem details, whose `type` docs/errors.md explains.',
        headers: { 'retry-after': { schema: { type: 'string' }, description: 'Seconds, where asking again helps.' } },
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
    headers: {
      [POSITION_HEADER]: {
        description: 'The place of this write in the ledger, opaque: hand it back with a read that has to see it.',
        schema: { type: 'string' },
      },
      'palmledger-next': {
        description: 'The value that the device sends as `palmledger-last` with its next request.',
        schema: { type: 'string' },
      },
    },
    parameters: {
      IdempotencyKey: {
        name: 'Idempotency-Key',
        in: 'header',
        required: true,
        description: 'One intent, one key. The same key and body: once, and the first answer again. Another body: 422.',
        schema: { type: 'string', pattern: '^[!-~]{8,128}$', minLength: 8, maxLength: 128 },
      },
      WaitFor: {
        name: WAIT_FOR_HEADER,
        in: 'header',
        required: false,
        description: `\`${POSITION_HEADER}\` of an earlier write: the answer is at least as new, or a 503.`,
        schema: { type: 'string', maxLength: 64 },
      },
      ActFor: {
        name: 'palmledger-act-for',
        in: 'header',
        required: false,
        description: 'For whom a principal acts that could do it in several roles: `admin`, `merchant:<id>`, …',
        schema: { type: 'string', maxLength: 100 },
      },
    },
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'Of `/auth/v1`: people and services. A quarter of an hour.',
      },
      ...deviceSchemes(),
    },
  };
}

/** OpenAPI knows no HTTP message signatures, so each header that carries one is a scheme, and all four are wanted. */
function deviceSchemes(): Components['securitySchemes'] {
  const header = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description }) as const;
  return {
    deviceSignature: header('Signature', 'RFC 9421, label `device`: Ed25519 over what `Signature-Input` lists.'),
    deviceSignatureInput: header(
      'Signature-Input',
      'RFC 9421: `@method`, `@authority`, `@path`, `@query`, `content-digest`, `palmledger-last` and, where sent, `content-type` and `idempotency-key`; with created, nonce, keyid, alg.',
    ),
    deviceContentDigest: header('Content-Digest', "RFC 9530: `sha-256` of the body's exact bytes."),
    deviceLast: header('palmledger-last', 'What the service last gave this device as `palmledger-next`.'),
  };
}

const PROBLEM = {
  type: 'object' as const,
  description: 'RFC 9457. Some types carry more, as docs/errors.md says.',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', pattern: '^urn:palmledger:problem:[a-z0-9-]+$', description: 'Stable.' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'For people; nothing personal stands in it.' },
    retryAfter: { type: 'number', description: 'Seconds.' },
  },
  additionalProperties: true,
};
