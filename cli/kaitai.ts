import { majorOf } from '../combinators/version.js'
import { allSections, innerGrammars, serveInnerGrammars } from '../grammar/inner.js'
import { sections } from '../grammar/sections.js'
import { serveSections } from '../grammar/serve/sections.js'
import { toKaitai, toKaitaiFiles } from '../interpreters/kaitai/index.js'
import { Failure } from './failure.js'
import { type Own, ownOf } from './modules/own.js'
import { showName } from './nar/show.js'
import { OutputFolder } from './output-folder.js'
import { givenOf, grammarAmong, type ProtocolOptions, protocolOf } from './protocol-options.js'
import { write } from './terminal.js'

interface Options extends ProtocolOptions {
  readonly all?: true
  readonly code?: true
  readonly out?: string
}

/** The name of the file that holds all types. */
const allTypes = 'all_types'

/** Writes the output of `nix-wire grammar --ksy`. */
export const writeKaitai = async (type: string | undefined, options: Options): Promise<void> => {
  expectSense(type, options)
  const own = await ownOf(options)
  if (type !== undefined) {
    const grammar = grammarAmong(type, own)
    const protocol = isDecided(options) ? protocolOf(options, grammar) : undefined
    await write(saying(() => toKaitai(grammar, protocol, type)))
  } else if (options.out !== undefined) {
    await writeFiles(options.out, options, own)
  }
}

const expectSense = (type: string | undefined, options: Options): void => {
  const { all, code, out, storeDir, canonical } = options
  const wrong =
    code === true
      ? '--ksy and --code exclude each other'
      : storeDir !== undefined
        ? '--store-dir does not apply to --ksy'
        : canonical === true
          ? '--canonical does not apply to --ksy: its decoders check less than the compatible profile'
          : all === true && type !== undefined
            ? '--all prints every type: leave out the type'
            : all === true && out === undefined
              ? '--all needs --out: it writes a file for each type'
              : all !== true && out !== undefined
                ? '--out is for --all; a single type goes to standard output'
                : all !== true && type === undefined
                  ? '--ksy needs a type, or --all'
                  : null
  if (wrong !== null) {
    throw new Failure(2, `${wrong}; \`nix-wire grammar --help\` shows the usage`)
  }
}

/** Whether the gates are decided, instead of being parameters. */
const isDecided = ({ protocol, feature }: Options): boolean => protocol !== undefined || feature.length > 0

const writeFiles = async (dir: string, options: Options, own: Own): Promise<void> => {
  const grammars =
    own.protocols.length > 0 ? [...own.types] : spoken(options).flatMap(({ grammars: all }) => all)
  if (grammars.length === 0) {
    throw new Failure(
      2,
      `${own.protocols.map(({ of }) => of).join(', ')} exports no types, only ${onlyOf(own)}`,
    )
  }
  const given = isDecided(options) ? givenOf(options) : undefined
  const files = saying(() => toKaitaiFiles(allTypes, grammars, given))
  await OutputFolder.fill(dir, async (folder) => {
    for (const [file, text] of files) {
      await folder.write(file, text)
    }
  })
  await write(`${showName(dir)}: ${files.size} files; ${allTypes}.ksy has all types\n`)
}

const onlyOf = ({ conversation }: Own): string =>
  conversation === null ? 'operations of Nix' : `the conversation ${conversation.name}`

/** The types of the protocol that the version belongs to; of both protocols if no version is given. */
const spoken = ({ protocol }: Options) =>
  protocol === undefined
    ? allSections()
    : majorOf(protocol) === 2
      ? [...serveSections, { grammars: serveInnerGrammars() }]
      : [...sections, { grammars: innerGrammars() }]

/** Reports a protocol that lacks what the grammar needs as a mistake in the command line. */
const saying = <A>(make: () => A): A => {
  try {
    return make()
  } catch (error) {
    throw new Failure(2, error instanceof Error ? error.message : String(error))
  }
}
