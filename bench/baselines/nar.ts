import type { NarEvent } from '../../dist/stream/index.js'

/** A NAR read by hand: words compared 32 bits at a time, contents returned without a copy, names checked. */

const wordsOf = (...texts: readonly string[]): Uint32Array => {
  const parts = texts.map((text) => {
    const part = Buffer.alloc(8 + text.length + (-text.length & 7))
    part.writeUInt32LE(text.length)
    part.write(text, 8, 'latin1')
    return part
  })
  const bytes = new Uint8Array(Buffer.concat(parts))
  return new Uint32Array(bytes.buffer)
}

const magic = wordsOf('nix-archive-1')
const node = wordsOf('(', 'type')
const directory = wordsOf('directory')
const regular = wordsOf('regular', 'contents')
const executable = wordsOf('regular', 'executable', '', 'contents')
const symlink = wordsOf('symlink', 'target')
const entry = wordsOf('entry', '(', 'name')
const nodeField = wordsOf('node')
const close = wordsOf(')')

const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, start: number, end: number): string
}

class Reader {
  readonly events: NarEvent[] = []
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  #skip(words: Uint32Array): boolean {
    const view = this.#view
    const at = this.#at
    if (at + words.length * 4 > this.#bytes.length) {
      return false
    }
    for (let i = 0; i < words.length; i++) {
      if (view.getUint32(at + 4 * i, true) !== words[i]) {
        return false
      }
    }
    this.#at = at + words.length * 4
    return true
  }

  #expect(words: Uint32Array): void {
    if (!this.#skip(words)) {
      throw new Error(`another word at ${this.#at}`)
    }
  }

  #length(): number {
    const length = this.#view.getUint32(this.#at, true)
    if (this.#view.getUint32(this.#at + 4, true) !== 0 || length > this.#bytes.length - this.#at - 8) {
      throw new Error(`a length at ${this.#at}`)
    }
    this.#at += 8
    return length
  }

  #padding(): void {
    for (; (this.#at & 7) !== 0; this.#at++) {
      if (this.#bytes[this.#at] !== 0) {
        throw new Error(`padding at ${this.#at}`)
      }
    }
  }

  #text(): string {
    const length = this.#length()
    const text = latin1Slice.call(this.#bytes, this.#at, this.#at + length)
    this.#at += length
    this.#padding()
    return text
  }

  #file(isExecutable: boolean): void {
    const size = this.#length()
    this.events.push({ _tag: 'regular', executable: isExecutable, size })
    if (size > 0) {
      this.events.push({ _tag: 'contents', bytes: this.#bytes.subarray(this.#at, this.#at + size) })
    }
    this.#at += size
    this.#padding()
  }

  #name(last: string): string {
    const name = this.#text()
    for (let i = 0; i < name.length; i++) {
      const code = name.charCodeAt(i)
      if (code === 0 || code === 0x2f || code > 0x7f) {
        throw new Error(`a name before ${this.#at}`)
      }
    }
    if (name <= last || name === '.' || name === '..') {
      throw new Error(`a name before ${this.#at}`)
    }
    return name
  }

  #entries(): void {
    this.events.push({ _tag: 'directory' })
    let last = ''
    while (this.#skip(entry)) {
      last = this.#name(last)
      this.events.push({ _tag: 'entry', name: last })
      this.#expect(nodeField)
      this.node()
      this.#expect(close)
    }
    this.events.push({ _tag: 'directoryEnd' })
  }

  node(): void {
    this.#expect(node)
    if (this.#skip(regular)) {
      this.#file(false)
    } else if (this.#skip(executable)) {
      this.#file(true)
    } else if (this.#skip(directory)) {
      this.#entries()
    } else {
      this.#expect(symlink)
      this.events.push({ _tag: 'symlink', target: this.#text() })
    }
    this.#expect(close)
  }

  archive(): void {
    this.#expect(magic)
    this.node()
    if (this.#at !== this.#bytes.length) {
      throw new Error(`more behind the archive, at ${this.#at}`)
    }
  }
}

export const readArchive = (bytes: Uint8Array): readonly NarEvent[] => {
  const reader = new Reader(bytes)
  reader.archive()
  return reader.events
}
