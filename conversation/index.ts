/**
 * Conversations as data: who sends which message when. A flow is to messages what a grammar is to bytes; an invalid
 * flow is an error that is thrown when the flow is built. A failed agreement is an `Either`, which the function that
 * you pass to `agree` returns.
 *
 * {@link observe} follows both sides of a conversation, and reports issues as events. {@link connectFlow} is a client
 * and {@link serveFlow} a server, over any pair of Web Streams.
 *
 * @module nix-wire/conversation
 */

export { type Connected, connectFlow } from './client/connect-flow.js'
export type { ConnectFlowOptions } from './client/options.js'
export { endOf } from './end-of.js'
export type {
  ConversationEndEvent,
  ConversationEvent,
  ConversationIssueEvent,
  FlowedEvent,
  SaidEvent,
  Turn,
  TurnBegunEvent,
  TurnOverEvent,
} from './events.js'
export type { AnyFlow, Flow, Leaving } from './flow.js'
export { agree } from './kinds/agree.js'
export { atOnce } from './kinds/at-once.js'
export { blob } from './kinds/blob.js'
export { branch, type CaseGiven, type Cases } from './kinds/branch.js'
export { type FramesOptions, inFrames, inPieces, type PiecesOptions } from './kinds/carried.js'
export { conversation } from './kinds/conversation.js'
export { ends } from './kinds/ends.js'
export { gated } from './kinds/gated.js'
export { noted, part } from './kinds/labels.js'
export { again, type LoopOptions, loop } from './kinds/loop.js'
export { type SaysOptions, says } from './kinds/says.js'
export { nothing, sequence } from './kinds/sequence.js'
export { turns } from './kinds/turns.js'
export { unless } from './kinds/unless.js'
export { ConversationError, type Departure, type Interruption } from './line/interruption.js'
export type { BytesPair, BytesReadable, BytesWritable } from './line/streams.js'
export type { Hashing } from './machine/meter.js'
export type {
  BytesIn,
  BytesOut,
  ClientWords,
  Failing,
  FailureOf,
  FlowCallOptions,
  HandlerContext,
  HandlersOf,
  HeardFrom,
  MethodsOf,
  ServerWords,
  ToldFailure,
  WithWords,
} from './methods.js'
export type { Delimiter, Delimiting, FlowNode, Label, Speech } from './node.js'
export { type Observer, observe } from './observer/observe.js'
export type { ObserveOptions } from './observer/options.js'
export { toDiagram } from './printer/diagram.js'
export { namedParts } from './printer/named-parts.js'
export type { PrintOptions } from './printer/options.js'
export { toSvg } from './printer/svg.js'
export { toTable } from './printer/table.js'
export type { Many, Streamed, Told } from './said.js'
export type { ServeFlowOptions } from './server/options.js'
export { serveFlow } from './server/serve-flow.js'
