import type { BoolNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { refuse, show } from '../fault.js'
import { integerAt, underflow } from '../input.js'
import type { Word } from '../plan.js'
import { ascending, highest, refuseInt } from './int.js'
import type { Leaf } from './leaf.js'

export const boolLeaf = (node: BoolNode, canonical: boolean): Leaf => {
  const maxHigh = Number(node.max >> 32n)
  const maxLow = Number(node.max & 0xffff_ffffn)
  const word: Word | null = canonical
    ? { value: 'boolean', max: 1 }
    : node.max === highest
      ? { value: 'boolean', max: null }
      : maxHigh === 0
        ? { value: 'boolean', max: maxLow }
        : null
  return {
    ...(word && { word }),
    wire: 'number',
    min: 8,
    primitive: true,
    compare: ascending,
    read: (input) => {
      const pos = input.pos
      if (input.end - pos < 8) {
        underflow(input, 8)
      }
      const low = input.view.getUint32(pos, true)
      const high = input.view.getUint32(pos + 4, true)
      if (high > maxHigh || low > maxLow) {
        refuseInt(input, node.max)
      }
      if (canonical && (high !== 0 || low > 1)) {
        refuse(input, 'NotCanonical', input.base + pos, words.zeroOrOne, String(integerAt(input, pos)))
      }
      input.pos = pos + 8
      return (low | high) !== 0
    },
    write: (output, value) => {
      if (typeof value !== 'boolean') {
        return refuse(output, 'Unrepresentable', output.pos - output.start, words.trueOrFalse, show(value))
      }
      output.reserve(8)
      output.view.setUint32(output.pos, value ? 1 : 0, true)
      output.view.setUint32(output.pos + 4, 0, true)
      output.pos += 8
    },
  }
}
