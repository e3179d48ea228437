import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { isLeft } from 'fp-ts/lib/Either.js'
import { isNone } from 'fp-ts/lib/Option.js'
import type { AnyGrammar, Grammar } from '../combinators/node.js'
import { u64 } from '../combinators/primitives/int.js'
import type { Protocol } from '../combinators/protocol.js'
import { protocolFor, type Taker } from '../combinators/protocol-for.js'
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
import { visible } from './visible.js'

/** The values of `--protocol`, `--feature`, `--store-dir`, `--canonical` and `--module`. */
export interface ProtocolOptions extends GivenProtocol, ModuleOptions {
  readonly canonical?: true
}

/** The protocol as far as a command line gives it. */
export interface GivenProtocol {
  /** Without one, the newest version of the protocol that the type belongs to. */
  readonly protocol?: ProtocolVersion
  readonly feature: ReadonlyArray<string>
  readonly storeDir?: string
}

/** The options of a command that can read several values. */
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

/** Adds the options for the protocol. */
export const withProtocolOptions = (command: Command): Command =>
  withModuleOption(command)
    .addOption(
      new Option(
        '-p, --protocol <version>',
        `protocol version that the peers agreed on (default: ${newestVersion}; of types of the serve protocol ${newestServeVersion}; of a module, what it exports)`,
      ).argParser(versionArgument),
    )
    .addOption(
      new Option('-f, --feature <name>', 'feature that both peers named; may be given again')
        .argParser(gather)
        .default([], 'none, or what a module exports'),
    )
    .addOption(
      new Option(
        '-s, --store-dir <dir>',
        'store directory of both peers (default: /nix/store, or what a module exports)',
      ),
    )
    .option('-c, --canonical', 'accept only what the encoder itself would write')

/** The parts of the protocol that a command line gives. */
export const givenOf = ({ protocol: version, feature, storeDir }: GivenProtocol): Partial<Protocol> => ({
  ...(version === undefined ? {} : { version }),
  ...(feature.length === 0 ? {} : { features: feature }),
  ...(storeDir === undefined ? {} : { storeDir }),
})

/** The protocol of a command line, for a type or for any. */
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

const byFlags: Taker = { of: 'the command', form: 'flags' }

/** The protocol of a grammar: its own defaults, completed by those of the command. */
const firstOf = (
  { node }: AnyGrammar,
  [given, ...others]: ReadonlyArray<Partial<Protocol>>,
  whole: Partial<Protocol>,
): Protocol => {
  if (given === undefined) {
    return protocolFor(byFlags, node, whole)
  }
  try {
    return protocolFor(byFlags, node, given)
  } catch {
    return firstOf({ node }, others, whole)
  }
}

export const profileOf = ({ canonical }: ProtocolOptions): Profile =>
  canonical === true ? 'canonical' : 'compatible'

/** The grammar of a TYPE argument: one of the package, or of a module. */
export const grammarOfType = async (type: string, options: ModuleOptions): Promise<Grammar<unknown>> =>
  grammarAmong(type, await ownOf(options))

/** The same, after the modules have been loaded. */
export const grammarAmong = (type: string, { types, protocols, conversation }: Own): Grammar<unknown> => {
  const grammar = parseTypeExpression(type, types)
  if (isLeft(grammar)) {
    const given = protocols.map(({ of }) => ` --module ${of}`).join('')
    if (existsSync(treePathOf(type))) {
      throw new Failure(2, `${showName(type)} is a file: the TYPE comes first, then the file`)
    }
    if (conversation?.name === type) {
      throw new Failure(
        2,
        `${visible(type)} is a conversation, not a type; \`nix-wire grammar ${visible(type)}${given}\` prints its page`,
      )
    }
    throw new Failure(2, `${grammar.left}; \`nix-wire grammar${given}\` lists all types`)
  }
  return grammar.right
}
