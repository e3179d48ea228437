import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { protocol as protocolOf } from '../../combinators/protocol.js'
import { operations, operationsOf } from '../../grammar/operations/index.js'
import { sections } from '../../grammar/sections.js'
import { archive, directory, file, words } from '../support/nar.js'
import { nasty, nastyMessages, tame, tameJson } from '../support/nasty.js'
import { ScriptedSession } from '../support/scripted-session.js'

const protocol = { version: '1.37' } as const
const agreed = protocolOf(protocol)

describe('no control character reaches a terminal or a pipe', () => {
  let dir = ''
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-nasty-'))
  })
  after(() => rmSync(dir, { recursive: true, force: true }))

  it('from the texts of any message, valid or not', async () => {
    let read = 0
    for (const [name, grammar] of sections.flatMap(({ grammars }) => grammars)) {
      for (const message of nastyMessages(grammar, protocol)) {
        const command = [name, '--protocol', protocol.version]
        const { exitCode } = await tame(['decode', ...command], { stdin: message })
        read += exitCode === 0 ? 1 : 0
        await tame(['dissect', ...command], { stdin: message })
        await tameJson(['dissect', '--json', ...command], { stdin: message })
      }
    }
    expect(read).to.be.above(20)
    const value = await tameJson(['decode', '--many', 'String'], { stdin: words(nasty, nasty) })
    expect(value).to.deep.equal([nasty, nasty])
  })

  it('from JSON to encode', async () => {
    for (const json of [nasty, `"${nasty}`, JSON.stringify({ [nasty]: nasty }), JSON.stringify(nasty)]) {
      for (const type of [
        'ValidPathInfo',
        'StorePath',
        'UInt64',
        'Map<String,UInt64>',
        'BuildMode',
        'DerivedPath',
      ]) {
        await tame(['encode', type], { stdin: json, bytes: true })
        await tame(['encode', type, '--many'], { stdin: `${json}\n`, bytes: true })
      }
    }
    const { stdout } = await tame(['encode', 'String'], { stdin: JSON.stringify(nasty), bytes: true })
    expect(stdout).to.deep.equal(words(nasty))
  })

  const session = async ({ bytes }: Pick<ScriptedSession, 'bytes'>): Promise<void> => {
    const [client, server] = [join(dir, 'c'), join(dir, 's')]
    writeFileSync(client, bytes.client)
    writeFileSync(server, bytes.server)
    await tame(['session', client, server])
    await tame(['session', client, server, '--full'])
    await tameJson(['session', client, server, '--json'])
  }

  it('from the request, the log, the reply and the error of any operation', async () => {
    for (const operation of operationsOf(agreed)) {
      for (const message of nastyMessages(operation.request, protocol)) {
        await session(
          new ScriptedSession(protocol).number('client', operation.id).client(message).error(nasty),
        )
      }
      const [request] = nastyMessages(operation.request, protocol)
      for (const message of nastyMessages(operation.reply, protocol)) {
        const asked = new ScriptedSession(protocol).number('client', operation.id)
        await session((request === undefined ? asked : asked.client(request)).last().server(message))
      }
    }
    const error = {
      level: 'Error',
      msg: nasty,
      exitStatus: 1,
      traces: [{ hint: nasty }, { hint: nasty }],
    } as const
    const field = { type: 'String', value: nasty } as const
    const asked = new ScriptedSession(protocol).number('client', operations.QueryAllValidPaths.id)
    await session(
      asked
        .message({ _tag: 'Next', text: `${nasty}\n${nasty}\n` })
        .message({
          _tag: 'StartActivity',
          id: 1n,
          level: 'Info',
          type: 'Build',
          text: '',
          fields: [field],
          parent: 0n,
        })
        .message({ _tag: 'Result', id: 1n, type: 'BuildLogLine', fields: [field] })
        .message({ _tag: 'Error', error }),
    )
  })

  it('from an invalid handshake', async () => {
    const good = new ScriptedSession({ version: '1.38' })
    for (const client of [Buffer.from(nasty), good.bytes.client]) {
      for (const server of [
        Buffer.from(nasty),
        words(nasty),
        Buffer.concat([good.bytes.server, words(nasty)]),
      ]) {
        await session({ bytes: { client, server } })
      }
    }
    await session(new ScriptedSession({ version: '1.38', features: [nasty] }))
  })

  it('from an archive: names, targets, contents, tokens', async () => {
    const link = words('(', 'type', 'symlink', 'target', nasty, ')')
    const tree = archive(
      directory([`a${nasty}`, file(nasty)], [`b${nasty}`, link], [`c${nasty}`, directory()]),
    )
    await tame(['nar', 'ls'], { stdin: tree })
    const listed = await tameJson(['nar', 'ls', '--json-lines'], { stdin: tree })
    expect(listed.map((node) => (node as { path: string }).path)).to.include(`./a${nasty}`)
    const [inside] = await tameJson(['nar', 'ls', '--json'], { stdin: tree })
    expect((inside as { entries: object }).entries).to.have.property(`a${nasty}`)
    const [whole] = await tameJson(['nar', 'ls', '--listing'], { stdin: tree })
    expect((whole as { root: { entries: object } }).root.entries).to.have.property(`c${nasty}`)
    const listing = join(dir, 'listing')
    writeFileSync(listing, JSON.stringify(inside).replace(/"size":[0-9]+/, '"size":1'))
    await tame(['nar', 'verify', '--listing', listing], { stdin: tree })
    writeFileSync(listing, nasty)
    await tame(['nar', 'verify', '--listing', listing], { stdin: tree })
    await tame(['nar', 'ls', '-', `a${nasty}/b`], { stdin: tree })
    for (const name of ['a', 'b', 'c', 'd']) {
      await tame(['nar', 'cat', '-', `${name}${nasty}`], { stdin: tree, bytes: true })
    }
    await tame(['nar', 'verify'], { stdin: tree })
    await tame(['nar', 'hash'], { stdin: tree })
    for (const wrong of [
      words(nasty),
      archive(words(nasty)),
      archive(words('(', nasty)),
      archive(words('(', 'type', nasty)),
      archive(words('(', 'type', 'regular', nasty)),
      archive(directory([nasty, file('')], [nasty, file('')])),
      archive(directory([`${nasty}/`, file('')])),
      archive(directory([nasty, words('(', 'type', nasty)])),
      Buffer.concat([tree, words(nasty)]),
    ]) {
      for (const command of [
        ['ls'],
        ['ls', '--json'],
        ['ls', '--json-lines'],
        ['verify'],
        ['hash'],
        ['cat', '-', nasty],
        ['unpack', '-', join(dir, nasty)],
      ]) {
        await tame(['nar', ...command], { stdin: wrong })
        rmSync(join(dir, nasty), { recursive: true, force: true })
      }
    }
  })
})
