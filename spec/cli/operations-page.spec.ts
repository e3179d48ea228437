import { expect } from 'chai'
import { operationsMarkdown } from '../../cli/pages/operations.js'
import {
  byProtocol,
  feature,
  listOf,
  literal,
  named,
  since,
  struct,
  u64,
  utf8,
  versioned,
} from '../../combinators/index.js'
import { operations } from '../../grammar/index.js'

const page = operationsMarkdown(Object.values(operations))

const sectionOf = (name: string): string => page.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? ''

describe('the page of operations', () => {
  it('has a row and a section for each, and every link has its section', () => {
    for (const { id, name } of Object.values(operations)) {
      expect(page).to.include(`\n| ${id} | [${name}](#${name.toLowerCase()}) |`)
      expect(sectionOf(name)).to.include(`Operation ${id}: `)
    }
  })

  it('has tables whose rows have as many cells as their heads', () => {
    const widths = page.split('\n').map((line) => (line.startsWith('|') ? line.split(/(?<!\\)\|/).length : 0))
    for (const [i, width] of widths.entries()) {
      const before = widths[i - 1] ?? 0
      if (width > 0 && before > 0) {
        expect(width, `line ${i + 1}`).to.equal(before)
      }
    }
  })

  it('shows the fields, their versions, and which are constant', () => {
    const section = sectionOf('SetOptions')
    expect(section).to.include('| `maxSilentTime` | `Int` |  |  |')
    expect(section).to.include('| `overrides` | `Map<Text,Text>` | protocol version 1.12 or above |  |')
    expect(section).to.include('| `logType` | `Int` | protocol version 1.4 or above | 0 (ignored) |')
    expect(section).to.include('Reply: no bytes.')
  })

  it('shows each form of a request and a reply, and the type where that is a single name', () => {
    const add = sectionOf('AddToStore')
    expect(add).to.include('Request, protocol version 1.25 or above:')
    expect(add).to.include('Request, otherwise:')
    expect(add).to.include('| `method` | `ContentAddressMethodWithAlgo` |')
    expect(add).to.include('| `fixed` | `Bool64` |')
    expect(add).to.include('Reply, protocol version 1.25 or above: `ValidPathInfo`')
    expect(add).to.include('- Stream: upload, framed, `Dump` (protocol version 1.25 or above)')
    expect(sectionOf('QueryPathInfo')).to.include('above: `Option<UnkeyedValidPathInfo>`.')
    expect(sectionOf('EnsurePath')).to.include('Reply: `One`, the integer 1, ignored.')
    expect(sectionOf('FindRoots')).to.include('Reply: `List<Root>`.')
  })

  it('accepts operations that Nix does not have', () => {
    const ping: Parameters<typeof operationsMarkdown>[0][number] = {
      id: 7,
      name: 'Ping',
      summary: 'asks a | b',
      status: 'obsolete',
      since: '1.1',
      until: '3.0',
      gate: feature('ping'),
      request: struct('PingRequest', {
        times: versioned(since('1.2'), u64, 1n),
        words: byProtocol([[since('1.3'), named('Words', listOf(utf8))]], listOf(utf8)),
        zero: literal(u64, 0n),
      }),
      reply: listOf(u64),
      connection: 'shared',
      streams: [],
      trust: 'any',
      errorMeans: null,
      unreadSince: null,
      note: 'As told.',
    }
    expect(operationsMarkdown([ping])).to.equal(
      `# Operations

| id | operation | what it does | versions | streams | clients |
| --- | --- | --- | --- | --- | --- |
| 7 | [Ping](#ping) | asks a \\| b | feature ping; obsolete; removed, last in Nix 3.0 |  | any |

## Ping

Operation 7: asks a | b. As told.

- Versions: feature ping; obsolete; removed, last in Nix 3.0
- Clients: any

Request:

| field | type | where | always |
| --- | --- | --- | --- |
| \`times\` | \`u64\` | protocol version 1.2 or above |  |
| \`words\` | \`Words (protocol version 1.3 or above); List<utf8> (otherwise)\` |  |  |
| \`zero\` | \`u64\` |  | 0 |

Reply: \`List<u64>\`.
`,
    )
  })
})
