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
        'follows from type, protocol, rule and bytes: the same in every release that has the vector',
    },
    hex: { ...hex, description: 'the message, whole' },
    result: {
      enum: ['valid', 'acceptable', 'invalid'],
      description:
        'accept it; accept or refuse it, since no encoder writes it and some readers take it; refuse it',
    },
    profile: {
      enum: [null, 'compatible', 'canonical'],
      description: 'the first profile that refuses it; null for a valid one',
    },
    rule: { type: 'string', description: 'what is special about it, or the one rule that it breaks' },
    issue: {
      description: 'what is wrong, at which byte, and in which field; null for a valid one',
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
    value: { description: 'what it means; not there where it is invalid. Integers have all their digits' },
    canonical: {
      description:
        'of an acceptable one: what an encoder writes for its value, or null where it cannot. A valid one is written as it is',
      oneOf: [{ type: 'null' }, hex],
    },
    flags: { type: 'array', items: { enum: Object.keys(vectorFlags) }, description: 'classes of mistakes' },
    source: {
      type: ['string', 'null'],
      description: 'the valid vector, by its id, whose message has the rule broken; null for a valid one',
    },
  },
} as const

/** The JSON Schema of a file of vectors, as {@link printVectors} writes it. */
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
            description: 'what both peers agreed on; what is not there makes no difference',
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
