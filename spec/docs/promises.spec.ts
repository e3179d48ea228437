import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { readingTimeout } from '../../cli/store/session.js'
import { limitsOf } from '../../combinators/limits.js'
import { longestWording } from '../../combinators/show.js'
import { defaultHandshakeTimeout, defaultMaxConnections } from '../../daemon/proxy/index.js'
import { ownerOnly } from '../../daemon/sockets.js'
import { narLimitsOf } from '../../stream/nar/options.js'
import { projectPath } from '../support/shared.js'

const page = readFileSync(projectPath('docs/guide/limits-and-security.md'), 'utf8')

/** The rows of the table below a heading, each as its cells. */
const tableUnder = (heading: string): ReadonlyArray<ReadonlyArray<string>> => {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(' |')
      .map((cell) => cell.trim()),
  )
}

/** The value of an unexported constant of a module: a product of numbers and powers. */
const constantOf = (file: string, name: string): number => {
  const text = readFileSync(projectPath(file), 'utf8')
  const [, product] = new RegExp(`^(?:export )?const ${name} = ([\\d_ *]+)$`, 'm').exec(text) ?? []
  expect(product, `${name} of ${file}`).to.be.a('string')
  return product!
    .replaceAll('_', '')
    .replaceAll('**', '^')
    .split(' * ')
    .map((factor) => factor.split(' ^ ').map(Number))
    .reduce((whole, [base = Number.NaN, power = 1]) => whole * base ** power, 1)
}

const size = (bytes: number): string =>
  bytes % 2 ** 20 === 0 ? `${bytes / 2 ** 20} MiB` : bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes}`
const time = (milliseconds: number): string => `${milliseconds / 1000} s`

const limits = limitsOf()
const narLimits = narLimitsOf()

/** The limits in the code, by the subject of a promise and the name of its limit. */
const inCode: { readonly [limit: string]: string } = {
  'bytes string': size(limits.string),
  'bytes collection': `${limits.collection}`,
  'bytes depth': `${limits.depth}`,
  'bytes frame': size(limits.frame),
  'bytes message': size(limits.message),
  'bytes longestWording': `${longestWording}`,
  'bytes mostIssues': `${constantOf('interpreters/dissect/found.ts', 'mostIssues')}`,
  'Nix JSON deepest': `${constantOf('nix-json/derived-path.ts', 'deepest')}`,
  'Nix JSON mostErrors': `${constantOf('nix-json/parts.ts', 'mostErrors')}`,
  'archives name': `${narLimits.name}`,
  'archives target': `${narLimits.target}`,
  'archives depth': `${narLimits.depth}`,
  'archives maxNodes': `${constantOf('store/listing/builder.ts', 'defaultMaxNodes')}`,
  // The limit of `decode` is that of a message.
  'archives readUnpacked': size(limits.message),
  'files ownerOnly': ownerOnly.toString(8),
  'sockets ownerOnly': ownerOnly.toString(8),
  'sockets maxConnections': `${defaultMaxConnections}`,
  'sockets mostWords': `${constantOf('session/own/flow-session.ts', 'mostWords')}`,
  'sockets maxBehind': size(constantOf('daemon/proxy/index.ts', 'defaultMaxBehind')),
  'sockets handshakeTimeout': time(constantOf('daemon/opening.ts', 'defaultHandshakeTimeout')),
  'sockets most': `${constantOf('conversation/client/options.ts', 'defaultMost')}`,
  'servers handshakeMessage': size(constantOf('session/handshake-limit.ts', 'handshakeMessage')),
  'servers handshakeTimeout': time(constantOf('daemon/server-times.ts', 'defaultHandshakeTimeout')),
  'servers requestTimeout': time(constantOf('daemon/server-times.ts', 'defaultRequestTimeout')),
  'servers idleTimeout': time(constantOf('daemon/server-times.ts', 'defaultIdleTimeout')),
  'servers maxConnections': `${constantOf('daemon/serve-at.ts', 'defaultMaxConnections')}`,
  'servers lingersFor': time(constantOf('conversation/line/line.ts', 'lingersFor')),
  'servers lingersOver': size(constantOf('conversation/line/line.ts', 'lingersOver')),
  'proxies handshakeTimeout': time(defaultHandshakeTimeout),
  'adapters longestLine': size(constantOf('fuzz/process/lines.ts', 'longestLine')),
  'adapters mostOutput': size(constantOf('fuzz/process/runner.ts', 'mostOutput')),
  'store maxSize': size(constantOf('daemon/served-store/memory-store.ts', 'defaultMaxSize')),
  'store mostSignatures': `${constantOf('daemon/served-store/adding.ts', 'mostSignatures')}`,
  'store readingTimeout': time(readingTimeout * 1000),
}

describe('the promises of the guide', () => {
  const rows = tableUnder('Each promise and its test')

  it('name exactly the limits in the code', () => {
    const told = rows.flatMap(([of = '', , limit = '']) =>
      [...limit.matchAll(/`(\w+)`: ([^,]+)/g)].map(([, name, value]) => [`${of} ${name}`, value]),
    )
    expect(Object.fromEntries(told)).to.deep.equal(inCode)
  })

  it('name existing tests, which mention the limit', () => {
    expect(rows).to.have.lengthOf.above(25)
    for (const [, promise = '', limit = '', test = ''] of rows) {
      const [, file = ''] = /^`(spec\/\S+\.spec\.ts)`$/.exec(test) ?? []
      expect(existsSync(projectPath(file)) && file !== '', `${promise}: ${test}`).to.equal(true)
      const text = readFileSync(projectPath(file), 'utf8')
      for (const [, name = ''] of limit.matchAll(/`(\w+)`/g)) {
        expect(text.includes(name) || name === 'ownerOnly', `${name} in ${file}`).to.equal(true)
      }
    }
  })

  it('agree with the table of times', () => {
    const places: ReadonlyArray<readonly [where: string, of: string]> = [
      ['`connect`', 'sockets'],
      ['`serve`', 'servers'],
      ['`serveAt`', 'servers'],
      ['`recordingProxy`', 'sockets'],
    ]
    const known = tableUnder('Time').flatMap(([where = '', limit = '', , unset = '']) =>
      places.flatMap(([place, of]) => {
        const key = `${of} ${limit.slice(1, -1)}`
        return where.includes(place) && key in inCode ? [[unset, inCode[key]]] : []
      }),
    )
    expect(known).to.have.length(10)
    expect(known.map(([told]) => told)).to.deep.equal(known.map(([, held]) => held))
  })

  it('agree with the table of limits, which says where each holds', () => {
    const shown = (value: number): string => value.toString().replace('16777216', '16 Mi (2^24)')
    const largest = (text: string): number => {
      const [, power = '', less = '0'] = /^2\^(\d+) − (\d+)$/.exec(text) ?? []
      return power === '' ? Number(text) : 2 ** Number(power) - Number(less)
    }
    for (const [name = '', , unset = '', most = ''] of tableUnder('Limits')) {
      const key = name.slice(1, -1) as keyof typeof limits
      expect([size(limits[key]), shown(limits[key])], name).to.include(unset)
      expect(limitsOf({ [key]: largest(most) })[key], name).to.equal(largest(most))
      expect(() => limitsOf({ [key]: largest(most) + 1 }), name).to.throw(RangeError)
    }
  })
})
