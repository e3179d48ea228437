import type { Protocol } from '../../combinators/protocol.js'
import type { Vector } from '../../vectors/vector.js'

const mostCharacters = 60

/** The text in lower-case letters and digits with hyphens, a valid name in every file system. */
const kebab = (text: string): string =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]{2,})([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, mostCharacters)
    .replaceAll(/^-+|-+$/g, '')

/** Distinct names of folders for types: `valid-path-info`. */
export const folderNames = (types: ReadonlyArray<string>): ReadonlyMap<string, string> => {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const type of types) {
    const name = kebab(type) || 'type'
    let free = name
    for (let i = 2; taken.has(free); i++) {
      free = `${name}-${i}`
    }
    taken.add(free)
    names.set(type, free)
  }
  return names
}

/** The name of the files of a protocol, without extension: `valid-path-info-1.16`. */
export const protocolName = (folder: string, { version, features = [] }: Partial<Protocol>): string =>
  [folder, ...(version === undefined ? [] : [version]), ...features.map(kebab)].join('-')

/** The name of the file of a vector, without extension: `invalid/narsize-there-4f1c0e7a99d0b5e2`. */
export const vectorName = ({ result, rule, id }: Vector): string => `${result}/${kebab(rule)}-${id}`
