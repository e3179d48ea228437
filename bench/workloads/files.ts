import type { Random } from './random.js'

/** The letters in the files of trees. */

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

export const contentsOf = (random: Random, size: number): Uint8Array => {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i += 16) {
    bytes[i] = random.between(0, 255)
  }
  return bytes
}

/** That many different names. */
export const namesOf = (random: Random, count: number): readonly string[] => {
  const names = new Set<string>()
  while (names.size < count) {
    names.add(random.text(letters, random.between(3, 20)))
  }
  return [...names]
}
