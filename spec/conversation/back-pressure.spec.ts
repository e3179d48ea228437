import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { rightOf } from '../support/either.js'
import { settled } from '../support/waiting.js'
import { inKitchen, inPantry } from './cooks.js'
import { wires } from './pipes.js'
import { latin } from './sessions.js'

const kib = 1024
const mib = 1024 * kib
const noon = right({ time: 'noon' })

/**
 * Chunks that count how many of their bytes were taken, and by how many at most that exceeds the bytes passed on.
 */
class Counted {
  taken = 0
  given = 0
  ahead = 0
  readonly #chunk: Uint8Array
  readonly #count: number
  readonly #last: Uint8Array

  constructor(chunk: Uint8Array, count: number, last: Uint8Array = new Uint8Array(0)) {
    this.#chunk = chunk
    this.#count = count
    this.#last = last
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    for (let i = 0; i < this.#count; i++) {
      this.taken += this.#chunk.length
      this.ahead = Math.max(this.ahead, this.taken - this.given)
      yield this.#chunk
    }
    this.taken += this.#last.length
    yield this.#last
  }

  async take(chunks: AsyncIterable<Uint8Array>): Promise<number> {
    for await (const chunk of chunks) {
      this.given += chunk.length
    }
    return this.given
  }
}

const pixels = () => new Counted(new Uint8Array(16 * kib), 1024)
const broth = () => new Counted(latin('.a'.repeat(8 * kib)), 512, latin(';z'))

/** A gate at which a handler waits. */
const gate = () => {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

describe('a stream of bytes is sent only as fast as it is taken:', () => {
  it('an upload, if the connection takes no more', async () => {
    const photo = pixels()
    const on = wires({ capacity: 64 * kib })
    const { talking } = await inKitchen(
      { Photo: async ({ photo: given }) => right({ likes: await photo.take(given) }) },
      { on },
    )
    on.up.stop()
    const likes = talking.calls.Photo({ photo })()
    await settled(() => photo.taken)
    expect(photo.taken).to.be.within(1, 512 * kib)
    on.up.go()
    expect(await likes).to.deep.equal(right({ likes: 16 * mib }))
    expect(on.up.heldAtMost).to.be.below(256 * kib)
    expect(photo.ahead).to.be.below(2 * mib)
    expect(await talking.calls.Clock()()).to.deep.equal(noon)
  })

  it('an upload that a handler does not read yet', async () => {
    const photo = pixels()
    const { open, opened } = gate()
    const { talking } = await inKitchen(
      {
        Photo: async ({ photo: given }) => {
          await opened
          return right({ likes: await photo.take(given) })
        },
      },
      { pipes: { capacity: 64 * kib } },
    )
    const likes = talking.calls.Photo({ photo })()
    await settled(() => photo.taken)
    expect(photo.taken).to.be.within(256 * kib, 3 * mib)
    open()
    expect(await likes).to.deep.equal(right({ likes: 16 * mib }))
  })

  it('a download that is not read yet', async () => {
    const soup = broth()
    const { talking } = await inPantry({ Soup: () => right({ soup }) }, { pipes: { capacity: 64 * kib } })
    const bowl = rightOf(await talking.calls.Soup()())
    await settled(() => soup.taken)
    expect(soup.taken).to.be.within(256 * kib, 3 * mib)
    expect(await soup.take(bowl.soup)).to.equal(8 * mib + 2)
    expect(soup.ahead).to.be.below(3 * mib)
  })

  it('repeated messages without a listener', async () => {
    let told = 0
    const count = 20_000
    const on = wires({}, { capacity: 64 * kib })
    const { talking } = await inKitchen(
      {
        Tea: async (_, { note }) => {
          for (; told < count; told++) {
            await note({ is: 'Remark', text: 'the water is not hot yet' })
          }
          return right({ tea: 'green' })
        },
      },
      { on },
    )
    on.down.stop()
    let heard = 0
    const hear = {
      note: () => {
        heard++
      },
    }
    const tea = talking.calls.Tea({ order: { leaf: 'sencha', cups: 1 } }, hear)()
    await settled(() => told)
    expect(told).to.be.within(1, 8000)
    on.down.go()
    expect(await tea).to.deep.equal(right({ tea: 'green' }))
    expect(heard).to.equal(count + 1)
  })

  it('both directions at once, if neither connection takes more than a byte', async () => {
    const { talking } = await inKitchen({}, { pipes: { capacity: 1, cut: 7 }, most: 500 })
    const times = await Promise.all(Array.from({ length: 500 }, () => talking.calls.Clock()()))
    expect(times).to.deep.equal(times.map(() => noon))
    const photos = await Promise.all(
      Array.from({ length: 20 }, () => talking.calls.Photo({ photo: [new Uint8Array(300)] })()),
    )
    expect(photos).to.deep.equal(photos.map(() => right({ likes: 300 })))
  })
})
