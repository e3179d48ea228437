import { checkOptions } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { expectProtocol } from '../checks/protocol.js'
import { expectWhole } from '../checks/whole.js'
import type { ConversationEvent } from '../events.js'
import { flowNode } from '../expect.js'
import type { AnyFlow } from '../flow.js'
import type { Side } from '../node.js'
import { FlowObserver } from './observer.js'
import { type ObserveOptions, observeChecks } from './options.js'

/** Follows one conversation from outside, from the bytes of both sides. */
export interface Observer {
  /** The protocol that both sides have agreed on so far. */
  readonly protocol: Partial<Protocol>
  /**
   * Whether it waits for this side. If the bytes of both sides are available, continue with a side that it waits for.
   */
  wants(side: Side): boolean
  /**
   * Takes bytes of one side and returns the events that they complete. The array is not kept after the call.
   *
   * @throws Error if the side has ended.
   */
  push(side: Side, bytes: Uint8Array): ReadonlyArray<ConversationEvent>
  /** Ends one side: no more bytes will come. */
  end(side: Side): ReadonlyArray<ConversationEvent>
}

/**
 * Follows a conversation while it runs: it takes the bytes of both sides as they come, in chunks of any size, and
 * returns an event for each part that is complete. An observer is for one conversation.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { tagged, u8, utf8 } from 'nix-wire/combinators'
 * import { again, branch, conversation, loop, nothing, observe, says, sequence, turns } from 'nix-wire/conversation'
 *
 * const Note = tagged('is', u8, { Remark: [0, { text: utf8 }], Done: [1, {}], Burnt: [2, {}] })
 * const notes = loop(
 *   'notes',
 *   sequence(
 *     says('server', 'note', Note),
 *     branch('note.is', { Remark: again('notes'), Done: nothing, Burnt: again('orders') }),
 *   ),
 * )
 * const kitchen = conversation(
 *   'kitchen',
 *   turns('orders', says('client', 'want', u8), {
 *     Tea: [1, sequence(says('client', 'leaf', utf8), notes, says('server', 'tea', utf8))],
 *   }),
 * )
 *
 * const observer = observe(kitchen)
 * const [begun, want] = observer.push('client', bytesOf('0100000000000000'))
 * begun // => { kind: 'turn', is: 'begun', turn: { loop: 'orders', number: 0 } }
 * want?.kind === 'said' && [want.key, want.value, want.end] // => ['want', 1, 8]
 * observer.push('client', bytesOf('0500000000000000 6173')) // => []
 * const [leaf] = observer.push('client', bytesOf('73616d 000000'))
 * leaf?.kind === 'said' && leaf.value // => 'assam'
 * const [note, over] = observer.push('server', bytesOf('0200000000000000'))
 * note?.kind === 'said' && note.value // => { is: 'Burnt' }
 * over?.kind === 'turn' && over.is === 'over' && [over.chosen, over.how, over.to] // => ['Tea', 'again', 'orders']
 * observer.push('client', bytesOf('09')) // => [{ kind: 'turn', is: 'begun', turn: { loop: 'orders', number: 1 } }]
 * const [broken, issue] = observer.end('client')
 * broken?.kind === 'turn' && broken.is === 'over' && broken.how // => 'broken'
 * issue?.kind === 'issue' && [issue.side, issue.issue.offset, issue.issue.path] // => ['client', 24, ['want']]
 * observer.end('server') // => [{ kind: 'end', how: 'broken', left: { client: 1, server: 0 } }]
 * ```
 *
 * The events do not depend on how the bytes are cut, nor on which side's bytes come first. (Only within {@link
 * atOnce} are the events of the two sides interleaved as the bytes come.) An incomplete message has no event.
 *
 * The content of frames and pieces has events too, and an issue inside it is not fatal. An issue in a message is
 * fatal: after it at most the departure of the other side is reported, and all other bytes are only counted. A case
 * that the agreed protocol does not have is followed, and reported as `lacking`.
 *
 * Raw bytes and the content of frames and pieces take no memory, however long they are. A message takes at most what
 * the limits allow. Bytes that have to wait for the other side are buffered, up to `maxWaiting`.
 *
 * @throws TypeError for an incomplete flow, see {@link conversation}, and for one that depends on a part of the protocol
 * which is neither given (option `protocol`) nor agreed on; TypeError or RangeError for invalid options.
 */
export const observe = (flow: AnyFlow, options: ObserveOptions = {}): Observer => {
  const node = flowNode('what observe follows', flow, 'dissect')
  expectWhole(node)
  checkOptions('observe', observeChecks, options)
  expectProtocol('observe', node, options.protocol ?? {})
  return new FlowObserver(node, options)
}
