import { type Command, Option } from 'commander'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { OperationTable } from '../../grammar/operations/table.js'
import { type Supply, supply } from '../../interpreters/arbitrary/options.js'
import type { OwnConversation, OwnProtocol } from '../../session/own/own-protocol.js'
import { gather } from '../arguments.js'
import { Failure } from '../failure.js'

export interface ModuleOptions {
  readonly module: ReadonlyArray<string>
}

/** The exports of all modules of a command line. */
export interface Own {
  readonly protocols: ReadonlyArray<OwnProtocol>
  readonly types: ReadonlyMap<string, AnyGrammar>
  readonly conversation: OwnConversation | null
  /** Values that the modules give for their grammars. */
  readonly given: ReadonlyArray<Supply>
  /** The module with operations. */
  readonly operations: WithOperations | null
}

type WithOperations = OwnProtocol & { readonly operations: OperationTable }

/** Adds the option for modules with the user's own protocols. */
export const withModuleOption = (command: Command): Command =>
  command.addOption(
    new Option(
      '-M, --module <file>',
      'JavaScript or TypeScript that exports grammars, a conversation or operations of your own; may be given again',
    )
      .argParser(gather)
      .default([], 'none'),
  )

/** The exports without a module. */
export const nothingOwn: Own = {
  protocols: [],
  types: new Map(),
  given: [],
  conversation: null,
  operations: null,
}

/**
 * Loads the modules of a command line, in their order.
 *
 * @throws Failure if a module cannot be loaded, or two modules export the same.
 */
export const ownOf = async ({ module }: ModuleOptions): Promise<Own> => {
  if (module.length === 0) {
    return nothingOwn
  }
  const { loadModule } = await import('./load.js')
  const protocols: Array<OwnProtocol> = []
  for (const file of module) {
    protocols.push(await loadModule(file))
  }
  const types = new Map<string, AnyGrammar>()
  for (const { of, types: its } of protocols) {
    for (const [name, grammar] of its) {
      if (types.has(name)) {
        throw new Failure(2, `${of} exports ${name}, but another --module does too`)
      }
      types.set(name, grammar)
    }
  }
  const isFollowed = ({ conversation, operations }: OwnProtocol): boolean =>
    conversation !== null || operations !== null
  const [followed, ...others] = protocols.filter(isFollowed)
  if (others.length > 0) {
    throw new Failure(2, 'more than one --module exports a conversation or operations: give only one of them')
  }
  return {
    protocols,
    types,
    given: protocols.flatMap(({ given }) =>
      given.map(({ grammar, values }) => supply(grammar as Grammar<unknown>, values as Supply['values'])),
    ),
    conversation: followed?.conversation ?? null,
    operations: withOperations(followed),
  }
}

/**
 * The store directory of a connection that is followed: from the command line, or from the module with the
 * conversation.
 */
export const dirFollowed = (
  { conversation, operations }: Own,
  { storeDir }: { readonly storeDir?: string },
): string | undefined => storeDir ?? (conversation ?? operations)?.protocol.storeDir

/** The conversation under the protocol of the command line. */
export const conversationUnder = (
  conversation: OwnConversation,
  { storeDir }: { readonly storeDir?: string },
): OwnConversation =>
  storeDir === undefined
    ? conversation
    : { ...conversation, protocol: { ...conversation.protocol, storeDir } }

const withOperations = (own: OwnProtocol | undefined): Own['operations'] =>
  own === undefined || own.operations === null ? null : { ...own, operations: own.operations }
