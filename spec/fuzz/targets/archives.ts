import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { Nar } from '../../../grammar/nar.js'
import { compile } from '../../../interpreters/compile/index.js'
import { nearly } from '../../../laws/bytes.js'
import { accepted, fail, same } from '../../../laws/expect.js'
import { IssueError } from '../../../stream/issue-error.js'
import { pack, TreeFailure, unpack } from '../../../stream/nar/index.js'
import { collect } from '../../support/memory-store.js'
import { archive, directory, file, narNode, parse, words } from '../../support/nar.js'
import { some } from '../draw.js'
import { bytesTrial, type OpenTarget, type Target, type Trial } from '../trial.js'

const { decode, encode } = compile(Nar)

const whole = 12
const damaged = 28

/**
 * Archives that try to leave the folder next to `outside`: by names, by links, and by names that go through links.
 */
const escaping = (outside: string): fc.Arbitrary<Uint8Array> => {
  const names = fc.constantFrom(
    'a',
    'b',
    'c',
    '.',
    '..',
    '',
    '/',
    '../x',
    '../../outside/x',
    `${outside}/x`,
    'a/../../x',
    'a/x',
    'a\0b',
    'kept',
    'x'.repeat(255),
    'x'.repeat(256),
    Buffer.from([0xff]),
  )
  const targets = fc.constantFrom(
    outside,
    `${outside}/kept`,
    '../../outside',
    '..',
    '.',
    '/',
    '',
    'a',
    'x\0y',
  )
  const { node } = fc.letrec<{ node: Buffer }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('', 'x', 'over').map(file),
      targets.map((target) => words('(', 'type', 'symlink', 'target', target, ')')),
      fc
        .array(fc.tuple(names, tie('node')), { maxLength: 4 })
        .chain((entries) =>
          fc.constantFrom(
            entries,
            [...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
          ),
        )
        .map((entries) => directory(...entries)),
    ),
  }))
  return node.map(archive)
}

interface Found {
  readonly files: ReadonlyArray<string>
  readonly bytes: number
}

/** The contents of a folder, recursively. */
const found = (dir: string): Found => {
  const files: Array<string> = []
  let bytes = 0
  const visit = (path: Buffer): void => {
    const stat = lstatSync(path)
    const content = stat.isFile()
      ? readFileSync(path)
      : stat.isSymbolicLink()
        ? readlinkSync(path, 'buffer')
        : null
    bytes += content?.length ?? 0
    files.push(`${path.toString('latin1')} ${stat.mode} ${content?.toString('hex') ?? ''}`)
    for (const name of stat.isDirectory() ? readdirSync(path, 'buffer').sort(Buffer.compare) : []) {
      visit(Buffer.concat([path, Buffer.from('/'), name]))
    }
  }
  visit(Buffer.from(dir))
  return { files, bytes }
}

/** A folder to unpack in, and one beside it that must stay unchanged. */
class Ground {
  readonly #dir = mkdtempSync(join(tmpdir(), 'nix-wire-fuzz-archives-'))
  readonly outside = join(this.#dir, 'outside')
  readonly #inside = join(this.#dir, 'inside')
  readonly #before: Found

  constructor() {
    mkdirSync(this.outside)
    writeFileSync(join(this.outside, 'kept'), 'kept')
    mkdirSync(this.#inside)
    this.#before = found(this.#dir)
  }

  /** Unpacks; the result must be inside, whole or absent, and no larger than the archive. */
  async unpack(bytes: Uint8Array): Promise<void> {
    const target = join(this.#inside, 'target')
    const { issue, end } = parse(bytes)
    const isRead = issue === null && end === bytes.length
    same(isRead, isRight(decode(bytes)), 'whether the parser takes it, held against the grammar,')
    try {
      const made = await unpack([bytes], target).then(() => true, refusal)
      if (made) {
        same(isRead, true, 'whether the parser takes what is unpacked')
        const { files, bytes: held } = found(target)
        if (held > bytes.length || files.length > bytes.length / 16) {
          fail(`${files.length} files of ${held} bytes come of ${bytes.length} bytes`)
        }
        same(new Uint8Array(await collect(pack(target))), new Uint8Array(bytes), 'what is packed again')
      }
      same(readdirSync(this.#inside), made ? ['target'] : [], 'what is made')
    } finally {
      rmSync(this.#inside, { recursive: true, force: true })
      mkdirSync(this.#inside)
    }
    same(found(this.#dir), this.#before, 'what is beside the archive')
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

/** An archive may be rejected for its bytes, or by the file system; any other error is a mistake. */
const refusal = (error: unknown): false => {
  const isOfSystem = error instanceof Error && 'syscall' in error
  if (error instanceof IssueError || error instanceof TreeFailure || isOfSystem) {
    return false
  }
  throw error
}

const open = async (): Promise<OpenTarget> => {
  const ground = new Ground()
  const plain = narNode.map((root) => Buffer.from(accepted(encode({ root }), 'the archive')))
  const archives = fc.oneof(plain, escaping(ground.outside))
  function* batch(seed: number): Generator<Trial, void> {
    const given = some(archives, whole, seed)
    const others = some(nearly(fc.constantFrom<Uint8Array>(...given)), damaged, seed)
    for (const bytes of [...given, ...others]) {
      yield bytesTrial('an archive', bytes, (each) => ground.unpack(each))
    }
  }
  return { batch, close: async () => ground.remove() }
}

export const archives: Target = {
  name: 'archives',
  summary:
    'archives that are damaged or try to get out: they stay in their target, and make no more than they hold',
  open,
}
