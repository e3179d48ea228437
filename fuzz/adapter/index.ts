export { Adapter, type AdapterOptions } from './adapter.js'
export {
  type Ability,
  adapterVersion,
  type DecodeQuestion,
  type Description,
  type EncodeQuestion,
  type MessageType,
} from './messages.js'
