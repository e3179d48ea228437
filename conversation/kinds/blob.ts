import { expectFunction, expectName, expectNoOptions, expectObject } from '../../combinators/expect.js'
import { expectKey, expectSide } from '../expect.js'
import { flowOf } from '../flow.js'
import type { Delimiter, Side } from '../node.js'
import type { Streamed } from '../said.js'
import type { Says } from './says.js'

/**
 * Raw bytes of any length, which are streamed and not decoded. A delimiter finds their end; without one they go to
 * the end of what carries them ({@link inFrames}, {@link inPieces}).
 *
 * ```ts
 * import { size } from 'nix-wire/combinators'
 * import { blob, inFrames, toTable } from 'nix-wire/conversation'
 *
 * console.log(toTable(inFrames('client', 'photo', size, blob('client', 'pixels'))))
 * // prints:
 * // | from | what | where | note |
 * // | --- | --- | --- | --- |
 * // | client | `photo`, in frames; inside: |  |  |
 * // | client | &emsp;`pixels`: bytes, to the end of what carries them |  |  |
 * ```
 */
export const blob: <const D extends Side, const K extends string>(
  side: D,
  key: K,
  delimiter?: Delimiter | null,
) => Says<D, K, Streamed> = (side, key, delimiter = null, ...more: ReadonlyArray<unknown>) => {
  expectNoOptions('blob', more)
  expectSide('the side of blob', side)
  expectKey('blob', key)
  if (delimiter !== null) {
    const what = `the delimiter of ${key}`
    expectObject(what, delimiter)
    expectName(`the name of ${what}`, delimiter.name)
    expectFunction(`open of ${what}`, delimiter.open)
  }
  return flowOf({ _tag: 'blob', side, key, delimiter })
}
