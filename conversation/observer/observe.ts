import { checkOptions } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { expectWhole } from '../checks/whole.js'
import type { ConversationEvent } from '../events.js'
import { flowNode } from '../expect.js'
import type { AnyFlow } from '../flow.js'
import type { Side } from '../node.js'
import { FlowObserver } from './observer.js'
import { type ObserveOptions, observeChecks } from './options.js'

/** Follows one conversation from outside. */
export interface Observer {
  /** What both sides have agreed on so far. */
  readonly protocol: Partial<Protocol>
  /** Whether it waits for this side: where both are at hand, the one to read on in. */
  wants(side: Side): boolean
  /**
   * Takes bytes of one side, which are not kept beyond the call.
   *
   * @throws Error when the side has ended.
   */
  push(side: Side, bytes: Uint8Array): ReadonlyArray<ConversationEvent>
  /** Says that nothing more comes of one side. */
  end(side: Side): ReadonlyArray<ConversationEvent>
}

/**
 * Follows a conversation while it runs: takes the bytes of both sides as they come, in chunks of any size, and tells what
 * has become whole. One observer is for one conversation.
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
 * The events are the same however the bytes are cut and whichever side comes first, each with the values, places and
 * issues. Only within {@link atOnce} do those of one side stand between those of the other as they come. Nothing is told of
 * a message that is not whole.
 *
 * What is inside carried bytes is told as well, and what is wrong there loses no place; where a message cannot be read the
 * issue is fatal: what is told after it is at most how the other side departs, and all else is only counted. A case that
 * the protocol does not have is followed, and told as lacking.
 *
 * Bytes that flow and what is carried take no memory, however long. A message may take what the limits say. What waits for
 * the other side is held, up to `maxWaiting`.
 *
 * @throws TypeError for a flow that is not whole, see {@link conversation}; TypeError or RangeError for options that
 * cannot work.
 */
export const observe = (flow: AnyFlow, options: ObserveOptions = {}): Observer => {
  const node = flowNode('what is observed', flow)
  expectWhole(node)
  checkOptions('observe', observeChecks, options)
  return new FlowObserver(node, options)
}
