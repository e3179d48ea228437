import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AnyGrammar } from '../../../combinators/node.js'
import type { connect } from '../../../daemon/index.js'
import { projectPath } from '../../support/shared.js'

/** The mistakes that can be planted in a copy of our client, besides other grammars in place of its own. */
export type Mistake = 'padding' | 'ends' | 'behind'

/** A copy of our client, in which mistakes are planted one at a time. */
export interface CopiedClient {
  readonly connect: typeof connect
  /** Plants a mistake, and another grammar in place of one of these; removes what was planted before. */
  plant(mistake: Mistake | null, grammars: ReadonlyMap<AnyGrammar, AnyGrammar>): void
  /** The exports of one of its modules. */
  module(file: string): Promise<{ readonly [name: string]: unknown }>
  remove(): void
}

const folders = [
  'bytes',
  'combinators',
  'conversation',
  'daemon',
  'grammar',
  'interpreters',
  'session',
  'store',
  'stream',
  'types',
]

const planted = `export const planted = { mistake: null, grammars: new Map() }
`

/** The changed lines of the copy, which must occur exactly like this in our source. */
const edits: ReadonlyArray<readonly [file: string, ours: string, theirs: string]> = [
  [
    'interpreters/compile/resumable.ts',
    'return new Reading<A>(this.#of(grammar), input, most)',
    'return new Reading<A>(this.#of(planted.grammars.get(grammar) ?? grammar), input, most)',
  ],
  [
    'interpreters/compile/leaves/padded.ts',
    "  refuse(input, 'NonZeroPadding',",
    "  planted.mistake === 'padding' ? undefined as never : refuse(input, 'NonZeroPadding',",
  ],
  ['daemon/connection.ts', '? this.#failed(call,', '? isBorne(result.left) ? right([]) : this.#failed(call,'],
  [
    'daemon/connection.ts',
    'const failed = (failure',
    `const isBorne = (reason: any): boolean => planted.mistake === 'ends' && reason?._tag === 'UnexpectedEnd'
const failed = (failure`,
  ],
  [
    'conversation/client/connection.ts',
    '    } else if (feed.unread > 0 || feed.ended) {',
    "    } else if (planted.mistake === 'behind' && feed.unread > 0) {\n      feed.drop()\n    } else if (feed.unread > 0 || feed.ended) {",
  ],
]

/** Copies our client, with room for mistakes. */
export const copiedClient = async (): Promise<CopiedClient> => {
  const dir = mkdtempSync(join(tmpdir(), 'nix-wire-client-'))
  for (const folder of folders) {
    cpSync(projectPath(folder), join(dir, folder), { recursive: true })
  }
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }\n')
  writeFileSync(join(dir, 'planted.ts'), planted)
  symlinkSync(projectPath('node_modules'), join(dir, 'node_modules'))
  for (const file of new Set(edits.map(([each]) => each))) {
    const before = readFileSync(join(dir, file), 'utf8')
    const after = edits
      .filter(([each]) => each === file)
      .reduce((text, [, ours, theirs]) => {
        if (text.split(ours).length !== 2) {
          throw new Error(`${file} has not once: ${ours}`)
        }
        return text.replace(ours, () => theirs)
      }, before)
    const up = '../'.repeat(file.split('/').length - 1)
    writeFileSync(join(dir, file), `import { planted } from '${up}planted.js'\n${after}`)
  }
  const module = (file: string) => import(pathToFileURL(join(dir, file)).href)
  const { planted: now } = await module('planted.ts')
  const { connect } = await module('daemon/client.ts')
  await module('daemon/client-over.ts')
  return {
    connect,
    plant: (mistake, grammars) => Object.assign(now, { mistake, grammars }),
    module,
    remove: () => rmSync(dir, { recursive: true }),
  }
}
