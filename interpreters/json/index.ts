export { fromJson } from './from-json.js'
export { type JsonSchema, toJsonSchema } from './schema.js'
export { type Json, parseJson, printJson } from './text.js'
export { toJson } from './to-json.js'
