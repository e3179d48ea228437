import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Adapter, adapterTarget, type DecodeQuestion, fuzz, ProgramError } from '../../fuzz/index.js'
import { longestLine } from '../../fuzz/process/lines.js'
import { u64 } from '../../index.js'

/** The time that only a hang takes. */
const patience = 600

const question: DecodeQuestion = {
  type: 'Word',
  version: '1.2',
  features: ['milk'],
  profile: 'compatible',
  storeDir: '/kitchen',
  want: ['value', 'bytes'],
  bytes: Uint8Array.of(1, 2, 255),
}

describe('Adapter', () => {
  let dir: string
  let adapter: Adapter | null = null
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-adapter-'))
  })
  afterEach(async () => {
    await adapter?.close()
    adapter = null
    await rm(dir, { recursive: true })
  })

  /** Starts an adapter that handles each question except the first like this. */
  const start = async (body: string, timeout = patience): Promise<Adapter> => {
    const file = join(dir, 'adapter.mjs')
    await writeFile(
      file,
      `import { createInterface } from 'node:readline'
const say = (answer) => console.log(typeof answer === 'string' ? answer : JSON.stringify(answer))
const asked = []
for await (const line of createInterface({ input: process.stdin })) {
  const q = JSON.parse(line)
  if (q.do === 'describe') say({ id: q.id, adapter: 1, name: 'test', types: ['Word'], can: ['decode', 'new'], more: 1 })
  else { ${body} }
}`,
    )
    adapter = await Adapter.start({ command: [process.execPath, file], timeout })
    return adapter
  }

  const ask = (each: Adapter, byte: number) => each.decode({ ...question, bytes: Uint8Array.of(byte) })

  it('describes itself, and may have unknown parts', async () => {
    const { description } = await start('')
    expect(description).to.deep.equal({ name: 'test', types: ['Word'], can: ['decode'] })
  })

  it('has no more time to start than the whole run', async () => {
    const error = await fuzz(u64, adapterTarget({ command: 'cat >/dev/null', timeout: patience }), {
      seconds: 0.2,
    }).catch(String)
    expect(error).to.contain('it did not describe itself within 0.2 s: an adapter answers each line')
    expect(error).to.contain('A program that reads one message and ends is given with --exec')
  })

  for (const [what, command, said] of [
    ['ends', 'read line', 'it ended without describing itself'],
    ['says something else', 'echo {}; cat >/dev/null', 'a line without the `id` of a question'],
  ] as const) {
    it(`names --exec to a program that ${what}, as one does that is run for each message`, async () => {
      const error = await fuzz(u64, adapterTarget({ command, timeout: patience })).catch(String)
      expect(error).to.contain(said)
      expect(error).to.contain('A program that reads one message and ends is given with --exec')
    })
  }

  it('gets its questions as JSON, one object per line', async () => {
    const outcome = await (await start('say({ id: q.id, accepts: true, value: q })')).decode(question)
    expect(outcome).to.deep.equal({
      _tag: 'accepts',
      value: {
        id: 1n,
        do: 'decode',
        type: 'Word',
        version: '1.2',
        features: ['milk'],
        profile: 'compatible',
        storeDir: '/kitchen',
        want: ['value', 'bytes'],
        bytes: 'AQL/',
      },
    })
  })

  it('returns integers of any size, and bytes', async () => {
    const each = await start(
      `say('{"id":' + q.id + ',"accepts":true,"value":[18446744073709551615],"bytes":"/wA="}')`,
    )
    expect(await each.decode(question)).to.deep.equal({
      _tag: 'accepts',
      value: [18446744073709551615n],
      bytes: Uint8Array.of(255, 0),
    })
  })

  it('rejects, with or without a place and a reason', async () => {
    const each = await start(
      'say(q.bytes === "AQ==" ? { id: q.id, accepts: false } : { id: q.id, accepts: false, offset: 40, message: "odd" })',
    )
    expect(await ask(each, 1)).to.deep.equal({ _tag: 'refuses' })
    expect(await ask(each, 2)).to.deep.equal({ _tag: 'refuses', offset: 40, message: 'odd' })
  })

  it('encodes values', async () => {
    const each = await start(
      'say(q.value.length === 2 ? { id: q.id, bytes: "AAE=" } : { id: q.id, accepts: false, message: "too few" })',
    )
    const { bytes: _, want: __, ...type } = question
    expect(await each.encode({ ...type, value: [0n, 1n] })).to.deep.equal({
      _tag: 'accepts',
      bytes: Uint8Array.of(0, 1),
    })
    expect(await each.encode({ ...type, value: [] })).to.deep.equal({ _tag: 'refuses', message: 'too few' })
  })

  it('skips questions that it cannot answer', async () => {
    expect(await ask(await start('say({ id: q.id, skip: "why not" })'), 1)).to.deep.equal({
      _tag: 'skips',
      why: 'why not',
    })
  })

  it('answers in any order', async () => {
    const each = await start(
      'asked.push(q); if (asked.length === 3) for (const a of asked.reverse()) say({ id: a.id, accepts: a.bytes === "Ag==" })',
    )
    const outcomes = await Promise.all([1, 2, 3].map((byte) => ask(each, byte)))
    expect(outcomes.map(({ _tag }) => _tag)).to.deep.equal(['refuses', 'accepts', 'refuses'])
  })

  it('is started again after a crash, and the question that caused it is found', async () => {
    const each = await start(
      'if (q.bytes === "Ag==") { console.error("out of cups"); process.exit(7) } say({ id: q.id, accepts: true })',
    )
    const outcomes = await Promise.all([1, 2, 3, 4].map((byte) => ask(each, byte)))
    expect(outcomes.map(({ _tag }) => _tag)).to.deep.equal(['accepts', 'crashes', 'accepts', 'accepts'])
    expect(outcomes[1]).to.deep.equal({ _tag: 'crashes', how: 'exit code 7', stderr: 'out of cups\n' })
  })

  it('is ended when it hangs, and asked again one question at a time', async () => {
    const each = await start('if (q.bytes !== "Ag==") say({ id: q.id, accepts: true })', 0.2)
    const outcomes = await Promise.all([ask(each, 2), ask(each, 2)])
    expect(outcomes.map(({ _tag }) => _tag)).to.deep.equal(['hangs', 'hangs'])
    expect(await ask(each, 1)).to.deep.equal({ _tag: 'accepts' })
  })

  const breaches: ReadonlyArray<readonly [name: string, body: string, told: string]> = [
    ['a line that is no JSON', 'say("yes")', 'a line that is not a JSON object: "yes"'],
    ['an answer without a number', 'say({ accepts: true })', 'without the `id`'],
    ['an answer to no question', 'say({ id: 99, accepts: true })', 'unknown question: 99'],
    ['an answer that says nothing', 'say({ id: q.id })', '`accepts` is "nothing"'],
    [
      'a line without end',
      `process.stdout.write('x'.repeat(${longestLine + 1}))`,
      'a line of more than 64 MiB',
    ],
    ['bytes that are no base64', 'say({ id: q.id, accepts: true, bytes: "é" })', 'not base64'],
  ]
  for (const [name, body, told] of breaches) {
    it(`reports ${name}`, async () => {
      const error = await ask(await start(body), 1).catch((thrown: unknown) => thrown)
      expect(error).to.be.an.instanceof(ProgramError)
      expect((error as Error).message).to.contain(told)
    })
  }

  for (const [command, told] of [
    [['/nowhere/adapter'], 'ENOENT'],
    ['exit 3', 'exit code 3'],
    ['echo nonsense', 'not a JSON object'],
    [`echo '{"id":0}'`, '"adapter":1'],
  ] as const) {
    it(`reports that it cannot be started: ${command}`, async () => {
      const error = await Adapter.start({ command, timeout: patience }).catch((thrown: unknown) => thrown)
      expect(error).to.be.an.instanceof(ProgramError)
      expect((error as Error).message).to.contain(told)
    })
  }
})
