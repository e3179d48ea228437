export { ByteSource } from './byte-source.js'
export { narDelimiter } from './delimiter.js'
export type {
  NarContentsEvent,
  NarDirectoryEndEvent,
  NarDirectoryEvent,
  NarEntryEvent,
  NarEvent,
  NarRegularEvent,
  NarSymlinkEvent,
} from './events.js'
export { entryNameBytes, entryNameOf } from './names.js'
export type { NarLeniency, NarLimits, NarParserOptions, NarWriterOptions } from './options.js'
export { NarParser, type NarStep } from './parser.js'
export { type Events, narBytes, narEventBatches, narEvents } from './stream.js'
export { NarWriter } from './writer.js'
