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
import { newestVersion, nixDefaults } from '../types/nix-protocol.js'
import { Failure } from './failure.js'

/** What `--protocol`, `--feature`, `--store-dir` and `--canonical` give. */
export interface ProtocolOptions {
  /** If none is given, the newest of the protocol that the type is of. */
  readonly protocol?: ProtocolVersion
  readonly feature: ReadonlyArray<string>
  readonly storeDir: string
  readonly canonical?: true
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

const more = (text: string, before: ReadonlyArray<string>): ReadonlyArray<string> => [...before, text]

/** Adds the options that say what both peers agreed on. */
export const withProtocolOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '-p, --protocol <version>',
        `protocol version that the peers agreed on (default: ${newestVersion}; of types of the serve protocol ${newestServeVersion})`,
      ).argParser(versionArgument),
    )
    .addOption(
      new Option('-f, --feature <name>', 'feature that both peers named; may be given again')
        .argParser(more)
        .default([], 'none'),
    )
    .addOption(new Option('-s, --store-dir <dir>', 'store directory of both peers').default('/nix/store'))
    .option('-c, --canonical', 'accept only what the encoder itself would write')

/** What the options say, for a type or for any. */
export const protocolOf = (
  { protocol: version, feature, storeDir }: ProtocolOptions,
  grammar: AnyGrammar = u64,
): Protocol => {
  try {
    const given = { ...(version === undefined ? {} : { version }), features: feature, storeDir }
    return { ...nixDefaults, ...protocolFor('--protocol', grammar.node, given) }
  } catch (error) {
    throw new Failure(2, error instanceof Error ? error.message : String(error))
  }
}

export const profileOf = ({ canonical }: ProtocolOptions): Profile =>
  canonical === true ? 'canonical' : 'compatible'

/** The grammar that a TYPE argument stands for. */
export const grammarOfType = (type: string): Grammar<unknown> => {
  const grammar = parseTypeExpression(type)
  if (isLeft(grammar)) {
    throw new Failure(2, `${grammar.left} (\`nix-wire grammar\` lists all types)`)
  }
  return grammar.right
}
