const lowerCase = '0123456789abcdefghijklmnopqrstuvwxyz'
const upperCase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** The signs in which alphabets of the same kind differ. */
const signs = '-_+/=.~@!,: '

const printable = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i))

const known = new Map<string, ReadonlyArray<string>>()
const mostKnown = 200

/**
 * Characters that are not in an alphabet, but that a decoder with a slightly wrong one would accept: neighbours, the
 * other case, letters left out, and signs.
 */
export const lettersNear = (alphabet: string): ReadonlyArray<string> => {
  const found = known.get(alphabet)
  if (found !== undefined) {
    return found
  }
  const own = new Set(alphabet)
  const isOfRow = (row: string): boolean => [...own].some((each) => row.includes(each))
  const rows = [lowerCase, upperCase].filter(isOfRow).join('')
  const isNear = (each: string): boolean => {
    const code = each.charCodeAt(0)
    return (
      signs.includes(each) ||
      rows.includes(each) ||
      own.has(String.fromCharCode(code - 1)) ||
      own.has(String.fromCharCode(code + 1)) ||
      own.has(each.toLowerCase()) ||
      own.has(each.toUpperCase())
    )
  }
  const near = printable.filter((each) => !own.has(each) && isNear(each))
  if (known.size < mostKnown) {
    known.set(alphabet, near)
  }
  return near
}
