import { type AnyGrammar, grammarOf } from '../../combinators/node.js'
import { type AnyOperation, takesNoArguments, UnknownForm } from './operation.js'
import { operations } from './table.js'

type Named = ReadonlyArray<readonly [name: string, grammar: AnyGrammar]>

const all: ReadonlyArray<AnyOperation> = Object.values(operations).filter(
  ({ request }: AnyOperation) => request !== UnknownForm,
)

const described = (name: string, { node }: AnyGrammar, summary: string): Named[number] => [
  name,
  grammarOf({ ...node, summary }),
]

/** The requests that take arguments: `IsValidPathRequest` and so on. */
export const requests: Named = all
  .filter((operation) => !takesNoArguments(operation))
  .map(({ name, request }) => described(`${name}Request`, request, `the request of ${name}`))

/**
 * The replies that have a form of their own: `QueryMissingReply` and so on. All others are grammars that have a name
 * already, or collections of such.
 */
export const replies: Named = all
  .filter(({ name, reply }) => reply.node.name === `${name}Reply`)
  .map(({ name, reply }) => described(`${name}Reply`, reply, `the reply of ${name}`))
