import { readFileSync } from 'node:fs'
import { sharedPath } from '../support/shared.js'

/** The padded strings a golden file consists of, read by hand. */
export const goldenStrings = (name: string): ReadonlyArray<string> => {
  const file = readFileSync(sharedPath('golden', 'worker-protocol', `${name}.bin`))
  const strings: string[] = []
  let at = 0
  while (at < file.length) {
    const length = Number(file.readBigUInt64LE(at))
    strings.push(file.toString('utf8', at + 8, at + 8 + length))
    at += 8 + Math.ceil(length / 8) * 8
  }
  return strings
}

export const goldenJson = (name: string): unknown =>
  JSON.parse(readFileSync(sharedPath('golden', 'worker-protocol', `${name}.json`), 'utf8'))
