import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect } from 'chai'
import { spawnNixWire } from '../support/cli.js'

const mebibyte = 2 ** 20
const total = 160 * mebibyte

/** The most memory a running process has had, in bytes. */
const peakMemory = (pid: number): number => {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kibibytes ?? 0) * 1024
}

/** Feeds one piece again and again; the most memory the command had, and how many bytes it wrote. */
const feed = async (args: ReadonlyArray<string>, piece: Buffer) => {
  const child = spawnNixWire(args)
  let peak = 0
  let written = 0
  child.stdout.on('data', (chunk: Buffer) => {
    written += chunk.length
    peak = Math.max(peak, peakMemory(child.pid ?? 0))
  })
  const closed = new Promise((resolve) => child.on('close', resolve))
  const pieces = Array.from({ length: Math.floor(total / piece.length) }, () => piece)
  await pipeline(Readable.from(pieces), child.stdin)
  expect(await closed).to.equal(0)
  return { peak, written, pieces: pieces.length }
}

const content = Buffer.alloc(65536, 0x61)
const binary = Buffer.concat([Buffer.from([0, 0, 1, 0, 0, 0, 0, 0]), content])
const line = Buffer.from(`"${content.toString()}"\n`)

describe('the memory of --many, over 160 MiB from a pipe,', () => {
  for (const [command, piece, result] of [
    ['decode', binary, line],
    ['encode', line, binary],
  ] as const) {
    it(`stays small in ${command}`, async () => {
      const { peak, written, pieces } = await feed([command, 'String', '--many'], piece)
      console.log(`      memory of ${command} --many: at most ${Math.round(peak / mebibyte)} MiB resident`)
      expect(written).to.equal(pieces * result.length)
      // Node with the command loaded takes about 100 MiB; holding the input would take 160 more.
      expect(peak).to.be.lessThan(210 * mebibyte)
    })
  }
})
