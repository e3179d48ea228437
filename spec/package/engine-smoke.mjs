// Run by each engine in a project that has the package: prints what works there, as JSON.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [entries, command, message] = JSON.parse(process.argv[2])
const folder = mkdtempSync(join(tmpdir(), 'nix-wire-engine-'))

const expectSame = (actual, expected) => {
  if (actual !== expected) {
    throw new Error(`expected ${expected}, got ${actual}`)
  }
}

const rightOf = (either) => {
  if (either._tag === 'Left') {
    throw new Error(JSON.stringify(either.left))
  }
  return either.right
}

const tests = {
  'every import': async () => {
    for (const entry of entries) {
      if (Object.keys(await import(entry)).length === 0) {
        throw new Error(`${entry} exports nothing`)
      }
    }
  },
  'codecs and texts': async () => {
    const { compile, hexOf } = await import('nix-wire')
    const { ValidPathInfo } = await import('nix-wire/grammar')
    const { StorePath } = await import('nix-wire/types')
    const bytes = new Uint8Array(readFileSync(message))
    for (const evaluate of [true, false]) {
      const codec = compile(ValidPathInfo, { version: '1.34' }, { evaluate })
      const value = rightOf(codec.decode(bytes))
      expectSame(StorePath.is(value.path), true)
      expectSame(hexOf(rightOf(codec.encode(value))), hexOf(bytes))
    }
  },
  archives: async () => {
    const { pack, unpack } = await import('nix-wire/stream')
    const file = join(folder, 'file')
    writeFileSync(file, 'Dear reader')
    await unpack(pack(file), join(folder, 'copy'))
    expectSame(readFileSync(join(folder, 'copy'), 'utf8'), 'Dear reader')
  },
  'client and server, over a socket': async () => {
    const { memoryStore, promises, serveAt, storeHandlers } = await import('nix-wire/daemon')
    const socket = join(folder, 'socket')
    const server = await serveAt(socket, storeHandlers(memoryStore()), { trusted: true })
    const client = await promises.connect(socket)
    const paths = await client.queryAllValidPaths()
    expectSame(paths.length, 0)
    await client.close()
    await server.close()
  },
  'the command': () => {
    const [program, ...args] = command
    const printed = execFileSync(program, [...args, 'decode', 'ValidPathInfo', '-p', '1.34', message])
    expectSame(JSON.parse(printed.toString()).info.narSize, 176)
  },
}

const found = {}
for (const [name, test] of Object.entries(tests)) {
  try {
    await test()
    found[name] = 'yes'
  } catch (error) {
    found[name] = `no: ${error?.message}`
  }
}
rmSync(folder, { recursive: true })
console.log(JSON.stringify(found))
process.exit(0)
