import { readdirSync, readFileSync } from 'node:fs'
import { sharedPath } from '../support/shared.js'

/** The real files of one kind, by name. */
export const realTexts = (kind: 'narinfo' | 'drv'): ReadonlyMap<string, Uint8Array> => {
  const folder = sharedPath('cases/store-texts', kind)
  return new Map(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(`${folder}/${name}`))]))
}
