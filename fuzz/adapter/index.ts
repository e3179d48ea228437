export { Adapter, type AdapterOptions } from './adapter.js'
export type {
  Ability,
  DecodeQuestion,
  Description,
  EncodeQuestion,
  MessageType,
} from './messages.js'
