// The part of this entry point that needs no Node: browsers get it by a condition in package.json.
export {
  type AddMultipleEvent,
  type PathToAdd,
  readAddMultiple,
  writeAddMultiple,
} from './add-multiple-to-store.js'
export type { ByteSink, NodeWritable } from './byte-sink.js'
export type { Chunks, NodeReadable } from './chunks.js'
export { type ExportEvent, type PathToExport, readExport, writeExport } from './export.js'
export { FramedReader } from './framed-reader.js'
export { FramedWriter, type FramedWriterOptions, type FramedWriterPromises } from './framed-writer.js'
export { catchIssue, IssueError } from './issue-error.js'
export type { MockFailure, MockOperation } from './mock-failure.js'
export type { MockOptions } from './mock-options.js'
export { MockReader } from './mock-reader.js'
export { MockWriter } from './mock-writer.js'
export * from './nar/portable.js'
export { writeNario } from './nario.js'
export type { NixRead, NixReaderPromises, NixReadPromises } from './nix-read.js'
export { NixReader } from './nix-reader.js'
export type { Display, NixWrite, NixWritePromises, NixWriterPromises } from './nix-write.js'
export { NixWriter, type WriterOptions } from './nix-writer.js'
export type { PackedPathOptions } from './packed-path.js'
export { type ArrivingPath, readPathsToAdd } from './paths-to-add.js'
export type { ReaderOptions } from './reader-options.js'
export { CollectingSink, type Sink, type WebWritable } from './sink.js'
export { chunksOf, type Source, type WebReadable } from './source.js'
