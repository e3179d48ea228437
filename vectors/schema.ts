import { vectorFlags } from './flags.js'

const hex = { type: 'string', pattern: '^([0-9a-f]{2})*$' } as const

const vector = {
  type: 'object',
  required: ['id', 'hex', 'result', 'profile', 'rule', 'issue', 'flags', 'source'],
  additionalProperties: false,
  properties: {
    id: {
      type: 'string',
      pattern: '^[0-9a-f]{16}$',
      description:
        'computed from type, protocol, rule and bytes: the same in every release that has the vector',
    },
    hex: { ...hex, description: 'the whole message' },
    result: {
      enum: ['valid', 'acceptable', 'invalid'],
      description:
        'accept it; accept or reject it, since no encoder writes it but some decoders accept it; reject it',
    },
    profile: {
      enum: [null, 'compatible', 'canonical'],
      description:
        'compatible if both profiles reject it, canonical if only that one does; null for a valid one',
    },
    rule: {
      type: 'string',
      description: 'what is special about a valid message, or the one rule that the message breaks',
    },
    issue: {
      description: 'the issue of a decoder: its tag, byte and field; null for a valid message',
      oneOf: [
        { type: 'null' },
        {
          type: 'object',
          required: ['tag', 'offset', 'path'],
          additionalProperties: false,
          properties: {
            tag: { type: 'string' },
            offset: { type: 'integer', minimum: 0 },
            path: { type: 'array', items: { type: ['string', 'integer'] } },
          },
        },
      ],
    },
    value: { description: 'the value; absent if the message is invalid. Integers have all their digits' },
    canonical: {
      description:
        'what an encoder writes for its value, or null if the value cannot be encoded (only for an acceptable message)',
      oneOf: [{ type: 'null' }, hex],
    },
    flags: {
      type: 'array',
      items: { enum: Object.keys(vectorFlags) },
      description: 'the classes of mistakes that it reveals',
    },
    source: {
      type: ['string', 'null'],
      description:
        'the id of the valid vector whose message was changed to break the rule; null for a valid one',
    },
  },
} as const

/** The JSON Schema of the files that {@link printVectors} writes. */
export const vectorSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Test vectors of one type',
  type: 'object',
  required: ['type', 'groups'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    type: { type: 'string', description: 'its name in the specification' },
    groups: {
      type: 'array',
      items: {
        type: 'object',
        required: ['protocol', 'vectors'],
        additionalProperties: false,
        properties: {
          protocol: {
            type: 'object',
            description: 'what both peers agreed on; an absent part makes no difference',
            additionalProperties: false,
            properties: {
              version: { type: 'string' },
              features: { type: 'array', items: { type: 'string' } },
              storeDir: { type: 'string' },
            },
          },
          vectors: { type: 'array', items: vector },
        },
      },
    },
  },
} as const
