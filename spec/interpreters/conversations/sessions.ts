import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { AnyFlow } from '../../../conversation/index.js'
import { handshake } from '../../../grammar/conversation/handshake.js'
import { Nar, operations, workerOf } from '../../../grammar/index.js'
import { compile } from '../../../interpreters/index.js'
import { type MadeSessionOptions, toArbitrary } from '../../../laws/index.js'
import { narDelimiter } from '../../../stream/index.js'
import { kitchen } from '../../conversation/kitchen.js'
import { pantry } from '../../conversation/pantry.js'

/** Pairs of bytes, as the delimiter of the pantry wants them. */
const pairs: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 5 }), fc.integer({ min: 1, max: 255 }))
  .map(([each, last]) => Uint8Array.from([...each.flatMap((byte) => [0x2e, byte]), 0x3b, last]))

const nar = compile(Nar)

const archives = toArbitrary(Nar, {}, { items: 2, depth: 3 }).map((value) => {
  const bytes = nar.encode(value)
  if (isLeft(bytes)) {
    throw new Error(bytes.left.expected)
  }
  return bytes.right
})

interface Added {
  readonly added: { readonly info: { readonly info: object } }
  readonly nar: number
}

/** How sessions with a daemon are made up. */
export const workerOptions: MadeSessionOptions = {
  items: 3,
  contents: { Nar: archives },
  meets: {
    // An info announces the size of its archive.
    narSize: (said) => {
      const { added, nar } = said as object as Added
      const info = { ...added.info, info: { ...added.info.info, narSize: BigInt(nar) } }
      return { added: { ...added, info } }
    },
  },
}

export const worker = workerOf(operations, { archive: narDelimiter })

export const flows: {
  readonly [name: string]: { readonly flow: AnyFlow; readonly options: MadeSessionOptions }
} = {
  kitchen: { flow: kitchen, options: { items: 3 } },
  pantry: { flow: pantry, options: { items: 3, contents: { pairs } } },
  handshake: { flow: handshake, options: { items: 3 } },
  worker: { flow: worker, options: workerOptions },
}
