import { expectArray, expectGrammar, expectText } from '../../combinators/expect.js'
import { type AnyGrammar, type Node, nodeName } from '../../combinators/node.js'
import { protocol as checked, type Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { TypesFile } from './file.js'
import { Ids } from './ids.js'

/** The grammar for a file: with all gates, or with those decided that the protocol decides. */
const nodeUnder = (of: string, grammar: AnyGrammar, given: Partial<Protocol> | undefined): Node =>
  given === undefined ? grammar.node : resolved(grammar, protocolFor(of, grammar.node, given)).node

/** Names of files. Each file has a type `message`, so no file may have that name. */
const fileIds = (): Ids => new Ids('type', ['message'])

const about = (given: Partial<Protocol> | undefined): string => {
  const { version, features } = given ?? {}
  const agreed = [
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(features === undefined ? [] : [`the features ${features.join(', ') || 'none'}`]),
  ]
  const under = agreed.length === 0 ? '' : `, under ${agreed.join(' and ')}`
  return `Printed from its grammar${under}; not edited by hand. Integers are eight bytes, little endian.`
}

/**
 * A grammar as a `.ksy` file of [Kaitai Struct](https://kaitai.io), whose compiler (0.11 or newer) makes decoders in
 * a dozen languages from it.
 *
 * ```ts
 * import { since, struct, u64, u8, versioned } from 'nix-wire'
 * import { toKaitai } from 'nix-wire/interpreters'
 *
 * const Pot = struct('Pot', { cups: u8, heat: versioned(since('1.2'), u64, 0n) })
 * console.log(toKaitai(Pot, { version: '1.2' }).split('\ntypes:')[0])
 * // prints:
 * // meta:
 * //   id: pot
 * //   title: Pot
 * //   ks-version: '0.11'
 * //   endian: le
 * // doc: |
 * //   Printed from its grammar, under version 1.2; not edited by hand. Integers are eight bytes,
 * //   little endian.
 * // seq:
 * //   - id: cups
 * //     type: u8
 * //     valid:
 * //       max: 255
 * //   - id: heat
 * //     type: u8
 * ```
 *
 * With a `protocol` the gates are decided, as by `compile`. Without one the type has parameters for what its gates
 * depend on: `version`, the 16 bits of `versionBits`, and `has_NAME` for each feature.
 *
 * The file also has a type `message`, which is the same but rejects bytes after the value. The `doc` of each field
 * says what the decoders do not check. `name` is the `id` of the file; default: the name of the grammar.
 *
 * @throws TypeError if the protocol lacks a part that the grammar depends on, and for two features whose names become
 * the same identifier.
 */
export const toKaitai = (grammar: AnyGrammar, protocol?: Partial<Protocol>, name?: string): string => {
  expectGrammar('what toKaitai takes', grammar)
  const title = name ?? nodeName(grammar.node)
  expectText('the name that toKaitai takes', title)
  const root = nodeUnder('toKaitai', grammar, protocol)
  return new TypesFile(fileIds().take(title), root, [], new Map()).print(title, about(protocol))
}

/**
 * Several grammars as files of Kaitai Struct, by the names of the files: one file for each grammar, which imports the
 * files of its inner grammars, and one called `name` that contains all of them.
 *
 * ```ts
 * import { listOf, struct, u64, utf8 } from 'nix-wire'
 * import { toKaitaiFiles } from 'nix-wire/interpreters'
 *
 * const Pot = struct('Pot', { tea: utf8, cups: u64 })
 * const files = toKaitaiFiles('kitchen', [['Pot', Pot], ['Shelf', struct('Shelf', { pots: listOf(Pot) })]])
 * Array.from(files.keys()) // => ['pot.ksy', 'shelf.ksy', 'kitchen.ksy']
 * files.get('shelf.ksy')?.includes('  imports: [pot]\n') // => true
 * ```
 *
 * @throws the same errors as {@link toKaitai}.
 */
export const toKaitaiFiles = (
  name: string,
  grammars: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]>,
  protocol?: Partial<Protocol>,
): ReadonlyMap<string, string> => {
  expectText('the name that toKaitaiFiles takes', name)
  expectArray('the grammars of toKaitaiFiles', grammars)
  if (protocol !== undefined) {
    checked(protocol)
  }
  const ids = fileIds()
  const whole = ids.take(name)
  const all = grammars.map(([title, grammar]) => {
    expectText('the name of a grammar in toKaitaiFiles', title)
    expectGrammar(`${title} in toKaitaiFiles`, grammar)
    return { title, node: nodeUnder('toKaitaiFiles', grammar, protocol), id: ids.take(title) }
  })
  const named = all.map(({ node, id }) => [node, id] as const)
  // If a grammar has two names, others use the first.
  const others = new Map([...named].reverse())
  const text = about(protocol)
  return new Map([
    ...all.map(({ title, node, id }): readonly [string, string] => [
      `${id}.ksy`,
      new TypesFile(id, node, [], others).print(title, text),
    ]),
    [`${whole}.ksy`, new TypesFile(whole, null, named, new Map()).print(name, text)],
  ])
}
