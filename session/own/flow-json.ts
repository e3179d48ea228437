import { isRight } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import type { AnyFlow } from '../../conversation/flow.js'
import { turnsIn } from '../../conversation/line/shape.js'
import type { FlowNode } from '../../conversation/node.js'
import { flowsIn } from '../../conversation/parts.js'
import { toJsonAsItIs } from '../../interpreters/json/as-it-is.js'
import type { Json } from '../../interpreters/json/text.js'
import { toJson } from '../../interpreters/json/to-json.js'
import { rangeJson } from '../range-json.js'
import { timeText } from '../timed/duration.js'
import type { FlowFlowed, FlowPart, FlowSaid, FlowSessionEvent } from './flow-events.js'

/** The grammars that a key may have, those of the case first. */
type Words = ReadonlyMap<string, ReadonlyArray<Grammar<unknown>>>

const wordsIn = (node: FlowNode): Words => {
  const words = new Map<string, Array<Grammar<unknown>>>()
  for (const each of flowsIn(node)) {
    if (each._tag === 'says') {
      const known = words.get(each.key) ?? []
      words.set(each.key, known)
      known.push(each.grammar as Grammar<unknown>)
    }
  }
  return words
}

/** Shows the events of one conversation as JSON. */
export class FlowJson {
  readonly #all: Words
  readonly #cases: ReadonlyMap<string, Words>

  constructor({ node }: AnyFlow) {
    this.#all = wordsIn(node)
    this.#cases = new Map(
      turnsIn(node).flatMap(({ branch }) =>
        [...branch.cases.values()].map(({ name, flow }) => [name, wordsIn(flow)] as const),
      ),
    )
  }

  /** A message or a stream of a part, in order. */
  word(part: FlowPart, word: FlowSaid | FlowFlowed): Json {
    if (word.kind === 'flowed') {
      const { size, pieces } = word
      return { size: BigInt(size), ...(pieces === null ? {} : { pieces: BigInt(pieces) }) }
    }
    const { value, protocol } = word
    const grammar = this.grammarOf(part, word)
    return grammar === null ? null : toJsonAsItIs(grammar, protocol, value)
  }

  /**
   * The grammar of a message. If two cases use one key for different grammars, the first that fits the value.
   */
  grammarOf({ name }: FlowPart, { key, value, protocol }: FlowSaid): Grammar<unknown> | null {
    const may = [...(this.#cases.get(name ?? '')?.get(key) ?? []), ...(this.#all.get(key) ?? [])]
    return may.find((grammar) => isRight(toJson(grammar, protocol, value))) ?? may[0] ?? null
  }

  event(event: FlowSessionEvent): Json {
    switch (event.kind) {
      case 'part':
        return this.#part(event)
      case 'issue': {
        const { kind, side, issue, fatal, during } = event
        return {
          kind,
          side,
          issue: issue._tag,
          offset: BigInt(issue.offset),
          path: issue.path.map((step) => (typeof step === 'number' ? BigInt(step) : step)),
          text: showIssue(issue),
          fatal,
          during,
        }
      }
      case 'end': {
        const { kind, how, left } = event
        return { kind, how, clientLeft: BigInt(left.client), serverLeft: BigInt(left.server) }
      }
    }
  }

  #part(part: FlowPart): Json {
    const { turn, name, how, to, lacking, words, omitted, client, server, began, ended } = part
    return {
      ...(turn === null
        ? { kind: 'words' }
        : { kind: 'turn', loop: turn.loop, number: BigInt(turn.number), name, how, to }),
      ...(lacking ? { lacking } : {}),
      words: words.map((word) => ({
        side: word.side,
        key: [...word.within, word.key].join('.'),
        [word.kind === 'said' ? 'value' : 'flowed']: this.word(part, word),
      })),
      ...(omitted === 0 ? {} : { omitted: BigInt(omitted) }),
      client: rangeJson(client),
      server: rangeJson(server),
      ...(began === null || ended === null ? {} : { began: timeText(began), ended: timeText(ended) }),
    }
  }
}
