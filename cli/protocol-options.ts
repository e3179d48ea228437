import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { isLeft } from 'fp-ts/lib/Either.js'
import { isNone } from 'fp-ts/lib/Option.js'
import type { AnyGrammar, Grammar } from '../combinators/node.js'
import { u64 } from '../combinators/primitives/int.js'
import type { Protocol } from '../combinators/protocol.js'
import { protocolFor } from '../combinators/protocol-for.js'
import { type ProtocolVersion, parseVersion } from '../combinators/version.js'
import { newestServeVersion } from '../grammar/serve/protocol.js'
import { parseTypeExpression } from '../grammar/type-expression.js'
import type { Profile } from '../interpreters/compile/index.js'
import { treePathOf } from '../stream/nar/tree-path.js'
import { newestVersion, nixDefaults } from '../types/nix-protocol.js'
import { gather } from './arguments.js'
import { Failure } from './failure.js'
import { expectKnown } from './known-protocol.js'
import { type ModuleOptions, type Own, ownOf, withModuleOption } from './modules/own.js'
import { showName } from './nar/show.js'

/** What `--protocol`, `--feature`, `--store-dir`, `--canonical` and `--module` give. */
export interface ProtocolOptions extends GivenProtocol, ModuleOptions {
  readonly canonical?: true
}

/** What the peers agreed on, as far as a command line says it. */
export interface GivenProtocol {
  /** If none is given, the newest of the protocol that the type is of. */
  readonly protocol?: ProtocolVersion
  readonly feature: ReadonlyArray<string>
  readonly storeDir?: string
}

/** The options of a command that can go on to the next value. */
export interface ManyOptions extends ProtocolOptions {
  readonly many?: true
}

const versionArgument = (text: string): ProtocolVersion => {
  const version = parseVersion(text)
  if (isNone(version)) {
    throw new InvalidArgumentError('Expected a version such as 1.37.')
  }
  return version.value
}

/** Adds the options that say what both peers agreed on. */
export const withProtocolOptions = (command: Command): Command =>
  withModuleOption(command)
    .addOption(
      new Option(
        '-p, --protocol <version>',
        `protocol version that the peers agreed on (default: ${newestVersion}; of types of the serve protocol ${newestServeVersion})`,
      ).argParser(versionArgument),
    )
    .addOption(
      new Option('-f, --feature <name>', 'feature that both peers named; may be given again')
        .argParser(gather)
        .default([], 'none'),
    )
    .addOption(new Option('-s, --store-dir <dir>', 'store directory of both peers (default: /nix/store)'))
    .option('-c, --canonical', 'accept only what the encoder itself would write')

/** The parts of the protocol that a command line says. */
export const givenOf = ({ protocol: version, feature, storeDir }: GivenProtocol): Partial<Protocol> => ({
  ...(version === undefined ? {} : { version }),
  ...(feature.length === 0 ? {} : { features: feature }),
  ...(storeDir === undefined ? {} : { storeDir }),
})

/** What the options say, for a type or for any. */
export const protocolOf = (
  options: GivenProtocol & Partial<ModuleOptions>,
  grammar: AnyGrammar = u64,
): Protocol => {
  const given = givenOf(options)
  if ((options.module ?? []).length === 0) {
    expectKnown(given.version, options.feature)
  }
  const { features, storeDir } = nixDefaults
  try {
    return {
      ...nixDefaults,
      ...firstOf(grammar, [given, { features, ...given }, { storeDir, ...given }], {
        features,
        storeDir,
        ...given,
      }),
    }
  } catch (error) {
    throw new Failure(2, error instanceof Error ? error.message : String(error))
  }
}

/** What a grammar is read under: with its own defaults, and with those of the command for what it has none of. */
const firstOf = (
  { node }: AnyGrammar,
  [given, ...others]: ReadonlyArray<Partial<Protocol>>,
  whole: Partial<Protocol>,
): Protocol => {
  if (given === undefined) {
    return protocolFor('--protocol', node, whole)
  }
  try {
    return protocolFor('--protocol', node, given)
  } catch {
    return firstOf({ node }, others, whole)
  }
}

export const profileOf = ({ canonical }: ProtocolOptions): Profile =>
  canonical === true ? 'canonical' : 'compatible'

/** The grammar that a TYPE argument stands for: one of the package's, or of a module's. */
export const grammarOfType = async (type: string, options: ModuleOptions): Promise<Grammar<unknown>> =>
  grammarAmong(type, await ownOf(options))

/** The same, if the modules have been loaded. */
export const grammarAmong = (type: string, { types, protocols }: Own): Grammar<unknown> => {
  const grammar = parseTypeExpression(type, types)
  if (isLeft(grammar)) {
    const given = protocols.map(({ of }) => ` --module ${of}`).join('')
    if (existsSync(treePathOf(type))) {
      throw new Failure(2, `${showName(type)} is a file: the TYPE comes first, then the file`)
    }
    throw new Failure(2, `${grammar.left}; \`nix-wire grammar${given}\` lists all types`)
  }
  return grammar.right
}
