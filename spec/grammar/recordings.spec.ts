import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { LogMessage } from '../../grammar/index.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { Broken, type Conversation, readRecording, sizesOf } from './recording.js'

/** A row of the table of recordings. */
interface Row {
  readonly name: string
  readonly version: string
  readonly sizes: readonly [client: number, server: number]
  readonly operations: string
  readonly messages: string
}

const rows = (): ReadonlyArray<Row> =>
  readFileSync(sharedPath('nix', 'README.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const cells = line.split('|').map((cell) => cell.trim())
      const [, name, version, client, server, operations, messages] = cells
      return cells.length === 8 && /^[0-9]+$/.test(client ?? '')
        ? [
            {
              name: name!,
              version: version!,
              sizes: [Number(client), Number(server)],
              operations: operations!,
              messages: messages!,
            },
          ]
        : []
    })

const names: { readonly [T in LogMessage['_tag']]: string } = {
  Next: 'NEXT',
  Read: 'READ',
  Write: 'WRITE',
  Last: 'LAST',
  Error: 'ERROR',
  StartActivity: 'START',
  StopActivity: 'STOP',
  Result: 'RESULT',
}

/** `LAST:9 START:5`, sorted, for the table has no order of its own. */
const countsOf = ({ hello, operations }: Conversation): ReadonlyArray<string> => {
  const counts = new Map<string, number>()
  for (const { _tag } of [...hello, ...operations.flatMap(({ log }) => log)]) {
    counts.set(names[_tag], (counts.get(names[_tag]) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${name}:${count}`).sort()
}

/** `19 1 1 26!`: the ids, and whether an error came. */
const idsOf = ({ operations }: Conversation): ReadonlyArray<string> =>
  operations.map(({ id, outcome }) => `${id}${outcome === 'error' ? '!' : ''}`)

/** The table's `1x2` written out. */
const expanded = (operations: string): ReadonlyArray<string> =>
  operations
    .split(' ')
    .filter((each) => each !== '')
    .flatMap((each) => {
      const [id, times = '1'] = each.split('x')
      return Array<string>(Number(times)).fill(id!)
    })

/** Recordings that break off or break the protocol, and where in the client's stream. */
const broken: {
  readonly [name: string]: readonly [tag: string, offset: number, path: ReadonlyArray<string>]
} = {
  'raw-nothing': ['UnexpectedEnd', 0, ['magic']],
  'not-allowed-user': ['UnexpectedEnd', 8, ['version']],
  'raw-not-a-store-path': ['InvalidText', 48, ['path']],
}

/** Recordings of which the daemon had a different idea than the client: what is left of both streams. */
const outOfStep: { readonly [name: string]: readonly [client: number, server: number] } = {
  // The daemon read the end of the upload that it had rejected as operation 0: one more error, twice.
  'untrusted-copy-log': [0, 208],
}

/** What does not have the bytes the encoder writes. All else is written again as it was recorded. */
const written: { readonly [name: string]: ReadonlyArray<string> } = {
  // The hand-written client does not sort its set of paths.
  'py-v1.13-queries': ['QueryValidPaths'],
}

const issueIn = (name: string) => {
  try {
    readRecording(name)
  } catch (error) {
    if (error instanceof Broken) {
      return error.issue
    }
    throw error
  }
  throw new Error(`${name} was read to its end`)
}

describeWithShared('recorded connections', () => {
  it('are all listed, including the special ones', () => {
    const listed = rows().map(({ name }) => name)
    expect(listed).to.have.length.above(70)
    expect(listed).to.include.members([...Object.keys(broken), ...Object.keys(outOfStep)])
  })

  for (const { name, version, sizes, operations, messages } of rows()) {
    const place = broken[name]
    if (place !== undefined) {
      it(`${name} has its issue where it breaks the protocol`, () => {
        const { _tag, offset, path } = issueIn(name)
        expect([_tag, offset, path]).to.deep.equal(place)
        expect(sizesOf(name)).to.deep.equal(sizes)
      })
      continue
    }
    it(`${name}: protocol ${version}, operations ${operations || 'none'}, to the last byte, and back`, () => {
      const conversation = readRecording(name)
      expect(sizesOf(name)).to.deep.equal(sizes)
      expect(conversation.protocol.version).to.equal(version)
      expect(idsOf(conversation)).to.deep.equal(expanded(operations))
      expect(countsOf(conversation)).to.deep.equal(messages.split(' ').sort())
      expect([conversation.clientLeft, conversation.serverLeft]).to.deep.equal(outOfStep[name] ?? [0, 0])
      expect(conversation.rewritten).to.deep.equal(written[name] ?? [])
    })
  }
})
