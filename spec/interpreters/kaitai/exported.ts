import {
  type AnyGrammar,
  isGrammar,
  type Protocol,
  type ProtocolVersion,
} from '../../../combinators/index.js'
import { protocolFor } from '../../../combinators/protocol-for.js'
import * as G from '../../../grammar/index.js'
import * as S from '../../../serve/index.js'
import { realisationsByPath } from '../../support/protocols.js'

/** Every grammar of the package that is exported, by its name. */
export const exported: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]> = [
  ...Object.entries(G),
  ...Object.entries(S),
].flatMap(([name, value]) => (isGrammar(value) ? [[name, value] as const] : []))

/** Five protocols of each of the two, between which all gates change. */
const five: ReadonlyArray<ReadonlyArray<readonly [ProtocolVersion, ReadonlyArray<string>]>> = [
  [
    ['1.10', []],
    ['1.21', []],
    ['1.29', []],
    ['1.38', []],
    ['1.38', [realisationsByPath]],
  ],
  [
    ['2.1', []],
    ['2.3', []],
    ['2.5', []],
    ['2.7', []],
    ['2.8', []],
  ],
]

/** Those that a grammar can be read under. */
export const protocolsFor = ({ node }: AnyGrammar): ReadonlyArray<Partial<Protocol>> => {
  const [worker = [], serve = []] = five.map((all) =>
    all.map(([version, features]) => ({ version, features })),
  )
  try {
    worker.map((given) => protocolFor('the test', node, given))
    return worker
  } catch {
    return serve
  }
}
