import fc from 'fast-check'
import { workerFlow, workerSessions } from '../../../cli/sample/worker-sessions.js'
import type { AnyFlow } from '../../../conversation/index.js'
import { handshake } from '../../../grammar/conversation/handshake.js'
import { operations } from '../../../grammar/index.js'
import type { MadeSessionOptions } from '../../../laws/index.js'
import { kitchen } from '../../conversation/kitchen.js'
import { pantry } from '../../conversation/pantry.js'

/** Pairs of bytes, as the delimiter of the pantry wants them. */
const pairs: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 5 }), fc.integer({ min: 1, max: 255 }))
  .map(([each, last]) => Uint8Array.from([...each.flatMap((byte) => [0x2e, byte]), 0x3b, last]))

export const worker = workerFlow(operations)

export const flows: {
  readonly [name: string]: { readonly flow: AnyFlow; readonly options: MadeSessionOptions }
} = {
  kitchen: { flow: kitchen, options: { items: 3 } },
  pantry: { flow: pantry, options: { items: 3, contents: { pairs } } },
  handshake: { flow: handshake, options: { items: 3 } },
  worker: { flow: worker, options: workerSessions },
}
