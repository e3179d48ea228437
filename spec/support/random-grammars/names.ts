/** Names of fields and flags, some of which an object has already, or a case of `tagged`, or an option. */
export const oddNames = [
  'a',
  'b',
  'value',
  'bytes',
  '_tag',
  'hasOwn',
  'length',
  'then',
  'it is',
  'None',
  'Ä',
  '',
]

export const caseNames = ['A', 'B', 'None', 'Some', 'toString', 'x y']

/** An object as code. */
export const shownObject = (pairs: ReadonlyArray<readonly [key: string, shown: string]>): string =>
  `{ ${pairs.map(([key, shown]) => `${/^[a-z_]\w*$/i.test(key) ? key : JSON.stringify(key)}: ${shown}`).join(', ')} }`
