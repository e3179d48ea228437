import { Command } from 'commander'
import { hexOf } from '../../bytes/hex.js'
import { u64 } from '../../combinators/primitives/int.js'
import { defaults } from '../../combinators/structures/defaults.js'
import type { Malformed } from '../../interpreters/malformed/index.js'
import { type FormOptions, messageWriter, withOutputForm } from '../bytes-form.js'
import { Failure } from '../failure.js'
import { ownOf } from '../modules/own.js'
import { countArgument, seedArgument } from '../numbers.js'
import { type Earlier, OutputFolder } from '../output-folder.js'
import { pageAddress } from '../own-package.js'
import { givenOf, type ProtocolOptions, protocolOf, withProtocolOptions } from '../protocol-options.js'
import { acceptableOf, malformedOf, messagesOf } from '../sample/messages.js'
import { SessionFiles } from '../sample/session-files.js'
import { brokenSessionsOf, sessionsOf, type Wanted } from '../sample/sessions.js'
import { targetOf } from '../sample/target.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'

interface Options extends ProtocolOptions, FormOptions {
  readonly number: number
  readonly seed?: number
  readonly malformed?: true
  readonly acceptable?: true
  readonly out?: string
  readonly session?: true
}

export const sampleCommand = (): Command =>
  withOutputForm(withProtocolOptions(new Command('sample')))
    .summary('make messages or sessions, valid or with one rule broken')
    .description(
      'Makes messages of a type: valid ones; with --malformed ones that break exactly one rule, and the issue that a\n' +
        'decoder must report; with --acceptable ones that the compatible profile accepts, although no encoder writes\n' +
        'them. TYPE is as for `nix-wire decode`.\n' +
        'With --session: both sides of connections to a daemon, with these operations in this order, or random ones; or of\n' +
        'the conversation that a --module exports, with its turns.',
    )
    .usage('[options] <type>\n       nix-wire sample --session [options] --out <dir> [operation...]')
    .argument('[type...]', 'the type of the messages; with --session, the operations of each session')
    .option('--session', 'make sessions, not messages')
    .option('-n, --number <n>', 'number of messages or sessions', countArgument, 10)
    .option('--seed <n>', 'the seed, to get the same messages again', seedArgument)
    .option('--malformed', 'break one rule in each')
    .option('--acceptable', 'break one rule in each that only the canonical profile has')
    .option('-o, --out <dir>', 'one file each, and an index of them')
    .addHelpText(
      'after',
      `
Messages go to standard output, one after another as \`nix-wire decode --many\` reads them. Malformed ones have no
end that a decoder could find, so they and acceptable ones are one line of JSON each:
  {"rule":"[]: padding byte 1 is zero","tag":"NonZeroPadding","offset":17,"path":[0],"profile":"compatible","hex":"…"}
With --out each goes to its own file, and index.json lists the same objects with \`file\` instead of \`hex\`.
Offsets are in bytes. Profile compatible: every decoder must reject it; canonical (only with --canonical): only a decoder must that
accepts nothing but what an encoder writes. With --acceptable all are of the latter kind.

A session is two files, as \`nix-wire session\` reads them: the bytes of the client and those of the daemon. index.json
lists for each the operations and how they end, and in a conversation of a --module what both sides agreed on; with
--malformed instead the rule that is broken, by which side, at which byte, and the issue that follows:
  {"client":"000000.client.bin","server":"000000.server.bin","rule":"there is no end frame","word":"upload",
   "operation":0,"side":"client","at":304,"issue":{"tag":"UnexpectedEnd","side":"client","offset":304,…}}
Operations are numbered from 0; the number is null in the handshake. The path of an issue has the keys of
messages. No side breaks off in a valid session; an operation may fail. A feature of Determinate Nix makes sessions with its
daemon. The messages of each operation:
  ${pageAddress('operations.md')}

Examples:
  $ nix-wire sample StorePath -n 3 | nix-wire decode StorePath --many
  $ nix-wire sample BuildMode -n 3 --hex
  $ nix-wire sample ValidPathInfo -n 1000 --seed 7 --malformed --out bad
  $ nix-wire sample ValidPathInfo -n 100 --acceptable --out unusual
  $ nix-wire sample ValidPathInfo -p 1.15 -n 100 --out good
  $ nix-wire sample --session IsValidPath NarFromPath -n 20 --out sessions
  $ nix-wire sample --session --malformed -p 1.32 -n 100 --seed 7 --out broken
  $ nix-wire sample --session Tea --module ./kitchen.js --out sessions
  $ nix-wire session broken/000000.client.bin broken/000000.server.bin

Exit codes: 0 done; 1 the output cannot be written; 2 the command line is wrong.`,
    )
    .action(run)

const run = async (types: ReadonlyArray<string>, options: Options): Promise<void> => {
  if (options.malformed === true && options.acceptable === true) {
    throw new Failure(2, '--malformed and --acceptable exclude each other')
  }
  const form = options.hex === true ? '--hex' : options.base64 === true ? '--base64' : null
  if (form !== null && (options.out !== undefined || options.session === true || isBroken(options))) {
    throw new Failure(2, `${form} is for messages that go to standard output, and no rule broken`)
  }
  const seed = options.seed ?? (Math.random() * 2 ** 31) | 0
  if (options.session === true) {
    await makeSessions(types, seed, options)
    return
  }
  const [type, ...others] = types
  if (type === undefined || others.length > 0) {
    throw new Failure(2, 'give one type; only --session takes any number of operations')
  }
  await makeMessages(type, seed, options)
}

/** The files of an earlier run, which are removed so that they do not mix with those of this run. */
const earlierSamples: Earlier = { index: 'index.json', files: /^\d{6}(\.client|\.server)?\.bin$/ }

const makeSessions = async (turns: ReadonlyArray<string>, seed: number, options: Options): Promise<void> => {
  const { out, malformed, acceptable, canonical, number } = options
  if (out === undefined) {
    throw new Failure(2, '--session needs --out: a session is two files')
  }
  if (acceptable === true) {
    throw new Failure(2, '--acceptable is for messages, not for sessions')
  }
  if (canonical === true) {
    throw new Failure(2, '--canonical is for messages, not for sessions')
  }
  const of = await sessionsOfModule(options)
  const wanted = { of, turns, seed }
  const protocol = of._tag === 'own' ? { ...of.conversation.protocol, ...of.protocol } : of.protocol
  await OutputFolder.fill(
    out,
    async (folder) => {
      const files = new SessionFiles(folder)
      await (malformed === true
        ? take(number, brokenSessionsOf(wanted), (each) => files.broken(each))
        : take(number, sessionsOf(wanted), (each) =>
            files.made(each, of._tag === 'own' ? { protocol: each.protocol } : {}),
          ))
      await files.close({ protocol, seed })
    },
    earlierSamples,
  )
}

/** Makes sessions with a daemon, or of the conversation of a module. */
const sessionsOfModule = async (options: Options): Promise<Wanted['of']> => {
  const { conversation, operations, given } = await ownOf(options)
  if (conversation !== null) {
    return { _tag: 'own', conversation, protocol: givenOf(options), given }
  }
  return {
    _tag: 'daemon',
    operations: operations?.operations ?? null,
    given,
    protocol: protocolOf(options, defaults(operations?.protocol ?? {}, u64)),
  }
}

const makeMessages = async (type: string, seed: number, options: Options): Promise<void> => {
  const target = await targetOf(type, options)
  const fill = async (sink: StdoutSink | DirectorySink): Promise<void> => {
    if (isBroken(options)) {
      const source = options.malformed === true ? malformedOf(target, seed) : acceptableOf(target, seed)
      await take(options.number, source, (each) => sink.malformed(each))
    } else {
      await take(options.number, messagesOf(target, seed), (each) => sink.message(each))
    }
    await sink.close({ type, protocol: target.protocol, seed })
  }
  if (options.out === undefined) {
    await fill(new StdoutSink(options))
  } else {
    await OutputFolder.fill(options.out, (folder) => fill(new DirectorySink(folder)), earlierSamples)
  }
}

const isBroken = ({ malformed, acceptable }: Options): boolean => malformed === true || acceptable === true

const take = async <A>(
  count: number,
  source: AsyncGenerator<A, never, void>,
  each: (item: A) => Promise<void>,
): Promise<void> => {
  for (let i = 0; i < count; i++) {
    await each((await source.next()).value)
  }
}

/** The description of a malformed message in a line of JSON or an entry of the index. */
const describe = ({ rule, profile, issue }: Malformed) => ({ rule, ...issue, profile })

class StdoutSink {
  readonly message: (bytes: Uint8Array) => Promise<void>

  constructor(options: Options) {
    // Malformed samples are always JSON.
    this.message = isBroken(options) ? write : messageWriter(options)
  }

  async malformed(sample: Malformed): Promise<void> {
    await write(`${jsonText({ ...describe(sample), hex: hexOf(sample.bytes) })}\n`)
  }

  async close(_: object): Promise<void> {}
}

class DirectorySink {
  readonly #folder: OutputFolder
  readonly #entries: Array<object> = []

  constructor(folder: OutputFolder) {
    this.#folder = folder
  }

  async message(bytes: Uint8Array): Promise<void> {
    await this.#file(bytes, {})
  }

  async malformed(sample: Malformed): Promise<void> {
    await this.#file(sample.bytes, describe(sample))
  }

  async close(made: object): Promise<void> {
    const index = { ...made, samples: this.#entries }
    await this.#folder.write('index.json', `${jsonText(index, 1)}\n`)
  }

  async #file(bytes: Uint8Array, what: object): Promise<void> {
    const file = `${String(this.#entries.length).padStart(6, '0')}.bin`
    await this.#folder.write(file, bytes)
    this.#entries.push({ file, ...what })
  }
}
