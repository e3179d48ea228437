import { expect } from 'chai'
import fc from 'fast-check'
import { ReferenceScanner, referencesIn } from '../../store/references.js'
import { BaseStorePath, StorePath, storePathHashOf } from '../../types/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { chunkSizes, cut } from '../support/nar.js'

const symbols = '0123456789abcdfghijklmnpqrsvwxyz'
const pathOf = (hash: string, name = 'x'): StorePath => rightOf(StorePath.make(`/nix/store/${hash}-${name}`))
const hashOf = storePathHashOf

const tea = pathOf('g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q', 'tea')
const milk = pathOf('00000000000000000000000000000000', 'milk')
const cake = pathOf('zzzz7hy3qg1w7hy3qg1w7hy3qg1w7hy3', 'cake')

/** Looks for each at each place. */
const naive = (bytes: Uint8Array, candidates: ReadonlyArray<StorePath>): ReadonlyArray<StorePath> =>
  candidates.filter((path) => Buffer.from(bytes).includes(hashOf(path)))

const scanned = (
  bytes: Uint8Array,
  sizes: ReadonlyArray<number>,
  candidates: ReadonlyArray<StorePath>,
): ReadonlyArray<StorePath> => {
  const scanner = new ReferenceScanner(candidates)
  for (const chunk of cut(bytes, sizes)) {
    // Its buffer is reused, as for files.
    const lent = Buffer.from(chunk)
    scanner.push(lent)
    lent.fill(0x30)
  }
  return scanner.found
}

// Hashes with a common beginning, so that there are many near misses.
const hash = fc.oneof(
  fc.string({ unit: fc.constantFrom(...symbols), minLength: 32, maxLength: 32 }),
  fc.string({ unit: fc.constantFrom('0', '1'), minLength: 32, maxLength: 32 }),
  fc.nat(31).map((at) => `${'0'.repeat(at)}1${'0'.repeat(31 - at)}`),
)

/** Candidates, and bytes with some of them whole, cut short, run into one another, and in one letter another. */
const scenes = fc.uniqueArray(hash, { minLength: 1, maxLength: 8 }).chain((hashes) => {
  const one = fc.constantFrom(...hashes)
  const piece = fc.oneof(
    one,
    fc.tuple(one, fc.nat(32), fc.nat(32)).map(([text, from, to]) => text.slice(from, to)),
    fc.tuple(one, fc.nat(31), fc.constantFrom('e', '\0', '0', 'A', 'ö')).map(([text, at, other]) => {
      return text.slice(0, at) + other + text.slice(at + 1)
    }),
    fc.string({ unit: fc.constantFrom('0', '1', 'z'), maxLength: 80 }),
    fc.constantFrom('/nix/store/', '-name', '\n', ' '.repeat(40), 'eeee'),
  )
  return fc.record({
    candidates: fc.constant(hashes.map((text) => pathOf(text))),
    bytes: fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join(''))),
  })
})

describe('references in a stream', () => {
  it('are the same as in a naive search, however the bytes are cut', () => {
    fc.assert(
      fc.property(scenes, chunkSizes, ({ candidates, bytes }, sizes) => {
        expect(scanned(bytes, sizes, candidates)).to.deep.equal(naive(bytes, candidates))
      }),
      { numRuns: 1000 },
    )
  })

  it('are found at every offset of every cut', () => {
    for (let before = 0; before < 40; before++) {
      const bytes = Buffer.concat([Buffer.alloc(before, 'g'), Buffer.from(hashOf(tea)), Buffer.alloc(3)])
      for (let size = 1; size <= bytes.length; size++) {
        expect(
          scanned(bytes, [size], [tea, milk]),
          `${before} bytes before, pieces of ${size}`,
        ).to.deep.equal([tea])
      }
    }
  })

  it('do not include hashes that lack a letter, or have another', () => {
    const text = hashOf(tea)
    for (let at = 0; at < text.length; at++) {
      for (const other of ['', 'e', 'G', text[at] === '0' ? '1' : '0']) {
        expect(
          scanned(Buffer.from(text.slice(0, at) + other + text.slice(at + 1)), [64], [tea]),
        ).to.deep.equal([])
      }
    }
  })

  it('come in the order of the candidates, each once, with all names of a hash', () => {
    const other = pathOf(hashOf(tea), 'other-tea')
    const text = [cake, tea, milk, tea].map((path) => hashOf(path)).join('-')
    expect(scanned(Buffer.from(text), [7], [milk, other, tea, tea, cake])).to.deep.equal([
      milk,
      other,
      tea,
      cake,
    ])
  })

  it('end the search when all are found', async () => {
    let asked = 0
    let ended = false
    function* endless(): Generator<Uint8Array> {
      try {
        for (;;) {
          asked++
          yield Buffer.from(hashOf(tea))
        }
      } finally {
        ended = true
      }
    }
    expect(rightOf(await referencesIn(endless(), [tea])())).to.deep.equal([tea])
    expect([asked, ended]).to.deep.equal([1, true])
    expect(rightOf(await referencesIn(endless(), [])())).to.deep.equal([])
    expect(asked).to.equal(1)
  })

  it('are found by base names, in a pass-through, and in web streams', async () => {
    const base = rightOf(BaseStorePath.make('g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea'))
    const pieces = cut(Buffer.from(`see ${base}`), [5])
    const passing = new ReferenceScanner([base])
    const passed: Array<Uint8Array> = []
    for await (const chunk of passing.through(pieces)) {
      passed.push(chunk)
    }
    expect([passed, passing.found, passing.isComplete]).to.deep.equal([pieces, [base], true])

    const web = new ReferenceScanner([base, milk])
    const readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const piece of pieces) {
          controller.enqueue(piece)
        }
        controller.close()
      },
    })
    const text = await new Response(readable.pipeThrough(web.transform())).text()
    expect([text, web.found, web.isComplete]).to.deep.equal([`see ${base}`, [base], false])
  })

  it('have the issue of a source that fails', async () => {
    function* failing(): Generator<Uint8Array> {
      yield Buffer.from('tea')
      throw new Error('the disk is on fire')
    }
    expect(issueOf(await referencesIn(failing(), [tea])())).to.include({ _tag: 'SourceFailed', offset: 3 })
  })

  it('are searched for store paths only', () => {
    for (const wrong of ['tea', '/nix/store/tea', 7, null]) {
      expect(() => new ReferenceScanner([wrong as unknown as StorePath])).to.throw(TypeError, 'a store path')
    }
  })
})
