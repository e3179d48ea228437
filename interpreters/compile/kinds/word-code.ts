import type { Word } from '../plan.js'

/** The greatest `bigint` of 64 bits. */
const greatest = '18446744073709551615n'

/**
 * Code that reads the word at an offset of `view`: a constant it needs, a check that it is invalid, and its value.
 */
export const wordReading = (
  { value, max }: Word,
  at: string,
  half: string,
  low: string,
): { readonly first: string | null; readonly isNone: string | null; readonly value: string } => {
  const [lowHalf, highHalf] = [`view.getUint32(${at}, true)`, `view.getUint32(${half}, true)`]
  if (value === 'bigint') {
    return { first: null, isNone: null, value: `view.getBigUint64(${at}, true)` }
  }
  return max === null
    ? { first: null, isNone: null, value: `(${lowHalf} | ${highHalf}) !== 0` }
    : {
        first: `const ${low} = ${lowHalf}`,
        isNone: `${highHalf} !== 0${max < 0xffffffff ? ` || ${low} > ${max}` : ''}`,
        value: value === 'boolean' ? `${low} !== 0` : low,
      }
}

/** Code that checks whether a value can be written as a word. */
export const isWord = ({ value, max }: Word, name: string): string => {
  switch (value) {
    case 'bigint':
      return `typeof ${name} === 'bigint' && ${name} >= 0n && ${name} <= ${greatest}`
    case 'boolean':
      return `typeof ${name} === 'boolean'`
    case 'number':
      return (
        `typeof ${name} === 'number' && ${name} >>> 0 === ${name}` +
        (max !== null && max < 0xffffffff ? ` && ${name} <= ${max}` : '')
      )
  }
}

/** Code that writes such a value if there is room. */
export const wordWriting = ({ value }: Word, name: string): ReadonlyArray<string> => [
  ...(value === 'bigint'
    ? [`view.setBigUint64(output.pos, ${name}, true)`]
    : [
        `view.setUint32(output.pos, ${value === 'boolean' ? `${name} ? 1 : 0` : name}, true)`,
        'view.setUint32(output.pos + 4, 0, true)',
      ]),
  'output.pos += 8',
]
