import { isRight } from 'fp-ts/lib/Either.js'
import { ValidPathInfo } from '../dist/grammar/index.js'
import { compile } from '../dist/index.js'
import { NarParser, NixReader } from '../dist/stream/index.js'
import type { Grown, Streamed } from './growth.js'
import { Checked, checked, protocol, right, w1 } from './workloads/w1.js'

/** Measures one size of the table of growth, in a process of its own. */
const [what, size = '0'] = process.argv.slice(2)
const bytes = Number(size)

const collect = (): void => globalThis.gc?.()

/** The larger of these messages exceed the default limits of a codec. */
const limits = { message: 2 ** 31 }

const grown = (): Grown => {
  const { records } = w1(Math.min(10_000, Math.max(1, Math.ceil(bytes / 800))))
  const values = records.map(checked)
  const wanted = Math.max(
    1,
    Math.round(
      (bytes / right(compile(Checked, protocol, { limits }).encode(values as never)).length) * values.length,
    ),
  )
  const value = Array.from({ length: wanted }, (_, i) => values[i % values.length]) as never
  const codec = compile(Checked, protocol, { limits })
  const message = right(codec.encode(value))
  const runs = Math.max(1, Math.round(20_000_000 / message.length))
  const timed = (run: () => unknown): number => {
    const times = Array.from({ length: message.length > 200_000_000 ? 1 : 5 }, () => {
      collect()
      const { user, system } = process.cpuUsage()
      for (let i = 0; i < runs; i++) {
        run()
      }
      const spent = process.cpuUsage()
      return (spent.user + spent.system - user - system) / runs
    })
    return (Math.min(...times) * 1000) / message.length
  }
  if (message.length < 200_000_000) {
    timed(() => codec.decode(message))
    timed(() => codec.encode(value))
  }
  const encode = timed(() => codec.encode(value))
  const decode = timed(() => codec.decode(message))
  collect()
  const before = process.memoryUsage().heapUsed
  const kept = Array.from({ length: Math.min(runs, 1000) }, () => codec.decode(message))
  collect()
  const memory = (process.memoryUsage().heapUsed - before) / (message.length * kept.length)
  if (!kept.every(isRight)) {
    throw new Error('a message was refused')
  }
  return { bytes: message.length, decode, encode, memory }
}

/** The growth of the process, measured at intervals. */
class Resident {
  readonly #before: number
  #most: number
  #turn = 0

  constructor() {
    collect()
    this.#before = process.memoryUsage.rss()
    this.#most = this.#before
  }

  look(): void {
    if (this.#turn++ % 1000 === 0) {
      this.#most = Math.max(this.#most, process.memoryUsage.rss())
    }
  }

  get mebibytes(): number {
    return (this.#most - this.#before) / 2 ** 20
  }
}

const streamed = async (): Promise<Streamed> => {
  const { records } = w1(100)
  const codec = compile(ValidPathInfo, protocol)
  const values = records.map((record) => right(codec.encode(checked(record) as never)))
  const batch = new Uint8Array(Buffer.concat(values))
  let sent = 0
  const reader = new NixReader(
    (function* () {
      for (; sent < bytes; sent += batch.length) {
        yield batch
      }
    })(),
    { protocol },
  )
  const resident = new Resident()
  while ((await reader.promises.tryReadValue(ValidPathInfo))._tag === 'Some') {
    resident.look()
  }
  return { bytes: sent, mebibytes: resident.mebibytes }
}

const words = (...texts: readonly string[]): Buffer =>
  Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(8)
      length.writeUInt32LE(text.length)
      return [length, Buffer.from(text), Buffer.alloc(-text.length & 7)]
    }),
  )

const streamedNar = (): Streamed => {
  const size = Buffer.alloc(8)
  const whole = Math.max(65536, Math.floor(bytes / 65536) * 65536)
  size.writeBigUInt64LE(BigInt(whole))
  const parser = new NarParser()
  const piece = new Uint8Array(65536)
  const resident = new Resident()
  parser.push(Buffer.concat([words('nix-archive-1', '(', 'type', 'regular', 'contents'), size]))
  for (let sent = 0; sent < whole; sent += piece.length) {
    parser.push(piece)
    resident.look()
  }
  const end = parser.push(words(')'))
  if (end._tag !== 'end') {
    throw new Error('the archive was refused')
  }
  return { bytes: whole, mebibytes: resident.mebibytes }
}

const work = { whole: grown, stream: streamed, nar: streamedNar }[what ?? '']
if (work === undefined) {
  throw new Error(`nothing grows that is called ${what}`)
}
process.send?.(await work())
