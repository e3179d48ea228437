import type fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import { workerOf } from '../../grammar/conversation/worker.js'
import { Nar } from '../../grammar/nar.js'
import type { OperationTable } from '../../grammar/operations/table.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/compile/index.js'
import type { MadeSessionOptions } from '../../interpreters/conversations/index.js'
import { narDelimiter } from '../../stream/nar/delimiter.js'

const nar = compile(Nar)

const archives: fc.Arbitrary<Uint8Array> = toArbitrary(Nar, {}, { items: 2, depth: 3 }).map((value) => {
  const bytes = nar.encode(value)
  if (isLeft(bytes)) {
    throw new Error(showIssue(bytes.left))
  }
  return bytes.right
})

interface Added {
  readonly added: { readonly info: { readonly info: object } }
  readonly nar: number
}

/** The conversation with a daemon of these operations. */
export const workerFlow = (table: OperationTable): ReturnType<typeof workerOf> =>
  workerOf(table, { archive: narDelimiter })

/** The options for generating sessions with a daemon. */
export const workerSessions: MadeSessionOptions = {
  items: 3,
  contents: { Nar: archives },
  meets: {
    // An info announces the size of its archive, so the number cannot be random.
    narSize: (said) => {
      const { added, nar: size } = said as object as Added
      return {
        added: { ...added, info: { ...added.info, info: { ...added.info.info, narSize: BigInt(size) } } },
      }
    },
  },
}
