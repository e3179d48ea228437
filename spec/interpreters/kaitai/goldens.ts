import { existsSync } from 'node:fs'
import type { AnyGrammar, Protocol } from '../../../combinators/index.js'
import { bytesIn, folders, grammarsIn } from '../../golden/table.js'
import { sharedPath } from '../../support/shared.js'

interface GoldenFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly given: Partial<Protocol>
  /** Of the values in it, one behind another. */
  readonly grammars: ReadonlyArray<AnyGrammar>
}

/** All golden files of the reference implementation; none in a clone without the folder that they are in. */
export const goldens: ReadonlyArray<GoldenFile> = existsSync(sharedPath('golden'))
  ? Object.entries(folders).flatMap(([folder, files]) =>
      Object.entries(files).map(([file, { given }]) => ({
        name: `${folder}/${file}`,
        bytes: bytesIn(folder, file),
        given,
        grammars: grammarsIn(folder, file),
      })),
    )
  : []
