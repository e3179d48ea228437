import { expect } from 'chai'
import fc from 'fast-check'
import { bytesOf } from '../../bytes/hex.js'
import { RecordingReader } from '../../session/recording/recording-reader.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import type { RecordedStep, RecordingIssue } from '../../session/recording/step.js'
import { CaptureBytes, sockdumpData } from '../support/capture-files.js'

const little = new CaptureBytes(true)
const big = new CaptureBytes(false)
const orders = [
  { order: 'little endian', of: little },
  { order: 'big endian', of: big },
]

const upperPdu = 252

// Byte for byte as the header is documented.
const nameOfNix = '000c0004 6e697800 00000000'
const clientHeader = (offset: string, event = '00'): string => `
  0100000000000000 0000000000000000 ${event}00000000000000 ${offset}00000000000000 0000000000000000
  0000000000000000 0000000000000000 0000000000000000 0000000000000000`
const clientData = (offset: string, bytes: string, event = '00'): Uint8Array =>
  bytesOf(`${nameOfNix} ${clientHeader(offset, event)} ${bytes}`)

const hello = '6378696e00000000'

/** What is read, the bytes as digits; they are good until the next call only. */
const readAll = (file: Uint8Array, size = file.length): ReadonlyArray<object> => {
  const reader = new RecordingReader()
  const steps: Array<object> = []
  const keep = (found: ReadonlyArray<RecordedStep | RecordingIssue>): void => {
    for (const step of found) {
      steps.push(
        step.kind === 'bytes' ? { ...step, bytes: Buffer.from(step.bytes).toString('hex') } : { ...step },
      )
    }
  }
  for (let at = 0; at < file.length; at += size) {
    keep(reader.push(file.slice(at, at + size)))
  }
  keep(reader.end())
  return steps
}

const issueOf = (file: Uint8Array): readonly [tag: string, offset: number] | null => {
  const last = readAll(file).at(-1) as RecordingIssue | undefined
  return last?.kind === 'issue' ? [last.issue._tag, last.issue.offset] : null
}

describe('a recording', () => {
  for (const { order, of } of orders) {
    it(`is read in ${order}: sections, interfaces, times, packets with and without one`, () => {
      const nanoseconds = [of.option(9, bytesOf('09')), of.option(14, of.i64(1000n))]
      const file = Buffer.concat([
        of.section(),
        of.block(0x0bad, bytesOf('0102030405')),
        of.interface(1),
        of.interface(upperPdu, 0, ...nanoseconds),
        of.enhanced(0, 5n, bytesOf('ffff')),
        of.enhanced(1, 2_000_000_500_000n, clientData('00', hello)),
        of.section(),
        of.interface(upperPdu, 0, of.option(9, bytesOf('8a'))),
        of.simple(clientData('00', '01')),
        of.enhanced(0, 1536n, clientData('01', '', '01')),
      ])
      const expected = [
        { kind: 'bytes', connection: 0, side: 'client', at: 3_000_000.5, bytes: hello },
        { kind: 'bytes', connection: 1, side: 'client', at: null, bytes: '01' },
        { kind: 'end', connection: 1, side: 'client', at: 1500, how: 'closed' },
      ]
      expect(readAll(file)).to.deep.equal(expected)
      expect(readAll(file, 1)).to.deep.equal(expected)
      expect(readAll(file, 7)).to.deep.equal(expected)
    })

    it(`of sockdump is read in ${order}`, () => {
      const [client, daemon, worker] = [4000, 1, 4001]
      const records = [
        sockdumpData(daemon, client, bytesOf('99')),
        sockdumpData(daemon, client, bytesOf(hello)),
        sockdumpData(client, worker, bytesOf('6f69786400000000')),
        sockdumpData(daemon, client, bytesOf('0102')),
        sockdumpData(9, 8, bytesOf('00')),
        sockdumpData(daemon, client, bytesOf(hello)),
      ]
      const steps = [
        { kind: 'bytes', connection: 0, side: 'client', bytes: hello },
        { kind: 'bytes', connection: 0, side: 'server', bytes: '6f69786400000000' },
        { kind: 'bytes', connection: 0, side: 'client', bytes: '0102' },
        { kind: 'end', connection: 0, side: 'client', how: 'stopped' },
        { kind: 'end', connection: 0, side: 'server', how: 'stopped' },
        { kind: 'bytes', connection: 1, side: 'client', bytes: hello },
      ]
      const at = [1, 2, 3, 5, 5, 5].map((second) => second * 1000 + 0.25)
      const expected = steps.map((step, i) => ({ ...step, at: at[i] }))
      for (const [magic, parts] of [
        [0xa1b2c3d4, 250],
        [0xa1b23c4d, 250_000],
      ] as const) {
        const file = Buffer.concat([
          of.pcap(147, magic),
          ...records.map((data, second) => of.record(second, parts, data)),
        ])
        expect(readAll(file)).to.deep.equal(expected)
        expect(readAll(file, 1)).to.deep.equal(expected)
      }
    })
  }

  it('reports what is missing: a packet that was cut, and bytes that were never written', () => {
    const data = clientData('00', '0102')
    const file = Buffer.concat([
      little.section(),
      little.interface(upperPdu),
      little.enhanced(0, 7000n, data, data.length + 3),
      little.enhanced(0, 8000n, clientData('09', '0a')),
    ])
    expect(readAll(file)).to.deep.equal([
      { kind: 'bytes', connection: 0, side: 'client', at: 7, bytes: '0102' },
      { kind: 'gap', connection: 0, side: 'client', at: 7, missing: 3, offset: 2 },
      { kind: 'gap', connection: 0, side: 'client', at: 8, missing: 4, offset: 5 },
      { kind: 'bytes', connection: 0, side: 'client', at: 8, bytes: '0a' },
    ])
  })

  it('is written as documented', () => {
    const writer = new RecordingWriter('four')
    const about = {
      part: 'Whole',
      version: '1.38',
      features: ['a'],
      operation: 'IsValidPath',
      type: 'Bool64',
    } as const
    const written = Buffer.concat([
      writer.start(),
      writer.bytes('server', bytesOf('0100000000000000'), 1.5, about),
      writer.end('client', 'brokeOff', null),
    ])
    const section = bytesOf(
      `0a0d0d0a 2c000000 4d3c2b1a 0100 0000 ffffffffffffffff 0400 0800 ${Buffer.from('nix-wire').toString('hex')} 00000000 2c000000`,
    )
    const link = bytesOf(
      `01000000 20000000 fc00 0000 00000000 0200 0400 ${Buffer.from('four').toString('hex')} 00000000 20000000`,
    )
    const text = (words: string, padded: string): string =>
      `${Buffer.from([words.length]).toString('hex')}00000000000000 ${Buffer.from(words).toString('hex')}${padded}`
    const data = bytesOf(`${nameOfNix} 0100000000000000 0100000000000000 0000000000000000 0000000000000000
      0100000000000000 2601000000000000 0100000000000000 ${text('a', '00'.repeat(7))} ${text('IsValidPath', '00'.repeat(5))}
      ${text('Bool64', '0000')} 0100000000000000`)
    const length = little.u32(data.length)
    const time = bytesOf('00000000 00000000 dc050000')
    const direction = bytesOf('0200 0400 01000000 00000000')
    expect(written.toString('hex')).to.equal(
      Buffer.concat([
        section,
        link,
        little.block(6, time, length, length, data, direction),
        little.simple(clientData('00', '', '02')),
      ]).toString('hex'),
    )
  })

  it('divides a long message into several packets', () => {
    const writer = new RecordingWriter('')
    const long = new Uint8Array(300_000).fill(7)
    const about = { part: 'Whole', version: null, features: [], operation: '', type: 'Nar' } as const
    const file = Buffer.concat([writer.start(), writer.bytes('client', long, 1, about)])
    const steps = readAll(file) as ReadonlyArray<{ readonly bytes: string }>
    expect(steps.map(({ bytes }) => bytes.length / 2)).to.deep.equal([131_072, 131_072, 37_856])
    expect(steps.map(({ bytes }) => bytes).join('')).to.equal('07'.repeat(300_000))
  })

  it('is the same in pieces, and does not copy long bytes', () => {
    for (const size of [0, 8, 4_095, 4_096, 4_101, 300_000]) {
      const bytes = new Uint8Array(size).fill(7)
      for (const at of [null, 1.5]) {
        const pieces = new RecordingWriter('').pieces('server', bytes, at)
        expect(Buffer.concat(pieces), `${size} bytes`).to.deep.equal(
          Buffer.from(new RecordingWriter('').bytes('server', bytes, at)),
        )
        const given = pieces.filter(({ buffer }) => buffer === bytes.buffer)
        expect(given.reduce((sum, { length }) => sum + length, 0)).to.equal(size < 4_096 ? 0 : size)
      }
    }
  })

  describe('that breaks a rule', () => {
    const begin = [little.section(), little.interface(upperPdu)]
    const base = Buffer.concat(begin).length
    const header = (...words: ReadonlyArray<Uint8Array>) => Buffer.concat([...begin, ...words])
    const rules: ReadonlyArray<readonly [rule: string, file: Uint8Array, tag: string, offset: number]> = [
      ['another kind of file', bytesOf('0d000000 00000000'), 'UnexpectedValue', 0],
      ['no byte order', bytesOf('0a0d0d0a 1c000000 00000000 0100'), 'UnexpectedValue', 8],
      ['another version', bytesOf('0a0d0d0a 1c000000 4d3c2b1a 0200 0000'), 'UnexpectedValue', 12],
      ['a block too short for itself', header(little.u32(99), little.u32(8)), 'InvalidValue', base + 4],
      ['a length that is no multiple of 4', header(little.u32(99), little.u32(21)), 'InvalidValue', base + 4],
      ['a packet that is no packet', header(little.u32(6), little.u32(28)), 'InvalidValue', base + 4],
      ['a block too large', header(little.u32(6), little.u32(0x7ffffffc)), 'LimitExceeded', base + 4],
      [
        'two lengths that differ',
        header(little.u32(99), little.u32(16), little.u32(0), little.u32(20)),
        'UnexpectedValue',
        base + 12,
      ],
      [
        'two lengths of a packet that differ',
        header(little.simple(bytesOf('01')).slice(0, -4), little.u32(0)),
        'UnexpectedValue',
        base + 16,
      ],
      ['no such interface', header(little.enhanced(1, 0n, bytesOf('01'))), 'InvalidValue', base + 8],
      [
        'a packet longer than its block',
        header(
          little.block(6, little.u32(0), little.i64(0n), little.u32(5), little.u32(5), bytesOf('01020304')),
        ),
        'InvalidValue',
        base + 8 + 12,
      ],
      [
        'an option longer than its block',
        header(little.interface(1, 0, bytesOf('0200 0900 01020304'))),
        'InvalidValue',
        base + 8 + 8 + 2,
      ],
      [
        'a header of another format',
        header(little.enhanced(0, 0n, bytesOf(`${nameOfNix} 0200000000000000`))),
        'UnexpectedValue',
        base + 28 + 12,
      ],
      [
        'bytes twice',
        header(
          little.enhanced(0, 0n, clientData('00', '01')),
          little.enhanced(0, 0n, clientData('00', '01')),
        ),
        'InvalidValue',
        base + little.enhanced(0, 0n, clientData('00', '01')).length + 28 + 12,
      ],
      [
        'a packet of pcap too large',
        Buffer.concat([
          little.pcap(147),
          little.u32(0),
          little.u32(0),
          little.u32(0x7fffffff),
          little.u32(0),
        ]),
        'LimitExceeded',
        32,
      ],
    ]
    for (const [rule, file, tag, offset] of rules) {
      it(`is rejected, with the place: ${rule}`, () => {
        expect(issueOf(file)).to.deep.equal([tag, offset])
      })
    }

    it('is read up to the issue, however it is cut', () => {
      const blocks = [
        ...begin,
        little.enhanced(0, 0n, clientData('00', '01')),
        little.block(99, bytesOf('0102')),
        little.simple(clientData('01', '02')),
      ]
      const file = Buffer.concat(blocks)
      const starts = [0]
      for (const block of blocks) {
        starts.push(starts.at(-1)! + block.length)
      }
      for (let end = 0; end < file.length; end++) {
        const isWhole = end > 0 && starts.includes(end)
        const start = starts.filter((each) => each <= end).at(-1)
        expect([end, issueOf(file.subarray(0, end))]).to.deep.equal([
          end,
          isWhole ? null : ['UnexpectedEnd', start],
        ])
      }
    })

    it('never throws, and reports an issue within the file', () => {
      const file = Buffer.concat([
        ...begin,
        little.enhanced(0, 99n, clientData('00', hello)),
        big.section(),
        big.interface(147),
        big.enhanced(0, 7n, sockdumpData(1, 2, bytesOf(hello))),
        big.simple(sockdumpData(2, 1, bytesOf('00'))),
      ])
      const damages = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      fc.assert(
        fc.property(damages, fc.integer({ min: 1, max: 99 }), (damaged, size) => {
          const bytes = Uint8Array.from(file)
          for (const [at, byte] of damaged) {
            bytes[at] = byte
          }
          const steps = readAll(bytes, size)
          expect(steps).to.deep.equal(readAll(bytes))
          const issue = issueOf(bytes)
          expect(issue === null || (issue[1] >= 0 && issue[1] <= bytes.length)).to.equal(true)
        }),
        { numRuns: 300 },
      )
    })
  })

  it('may contain blocks of any length that are skipped', () => {
    const reader = new RecordingReader()
    reader.push(Buffer.concat([little.section(), little.u32(0xbad), little.u32(0xfffffffc)]))
    const piece = new Uint8Array(2 ** 20)
    for (let left = 0xfffffffc - 12; left > 0; left -= piece.length) {
      expect(reader.push(piece.subarray(0, left))).to.deep.equal([])
    }
    expect(reader.push(little.u32(0xfffffffc))).to.deep.equal([])
    expect(reader.end()).to.deep.equal([])
  })
})
