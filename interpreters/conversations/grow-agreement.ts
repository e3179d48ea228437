import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import type { Agreed } from '../../combinators/protocol.js'
import type { AgreeNode, SaysNode } from '../../conversation/node.js'
import type { Plans } from '../compile/resumable.js'
import type { Grown, Spoken } from './grown.js'
import { agreeOn, anyAim, Disagreement, type Growth, type Stand } from './stand.js'
import { showLacking } from './wanted-turns.js'

const fewTries = 20

/** Whether both sides agree, as demanded. @throws Disagreement if other messages are needed. */
export const growAgreement = (growth: Growth, node: AgreeNode, { words }: Stand): Grown => {
  const from = new Map(node.from.map(({ key }) => [key, words.get(key)]))
  const made = computed(node, from)
  const met = isLeft(made) ? meet(growth, node, from) : made
  const why = isLeft(met) ? met.left : unwanted(growth, met.right)
  if (why !== null) {
    // There may be no way to the aim.
    if (++growth.refused % fewTries === 0) {
      growth.aim = anyAim(growth.maker, growth.draw)
    }
    throw new Disagreement(
      `no messages were found with which both sides agree on the ${node.name} (${why}; it follows from ${[...from.keys()].join(' and ')})`,
      [...from.keys()],
    )
  }
  if (!isLeft(met) && Object.keys(met.right).length > 0) {
    agreeOn(growth, met.right)
  }
  return { _tag: 'silent', node, from, leave: null }
}

export const computed = (
  { compute }: AgreeNode,
  from: ReadonlyMap<string, { readonly value: unknown }>,
): Either<string, Partial<Agreed>> =>
  compute(Object.fromEntries([...from].map(([key, { value }]) => [key, value])) as never)

/** Requests messages that meet the demand. */
const meet = (
  { maker }: Growth,
  node: AgreeNode,
  from: Map<string, Spoken>,
): Either<string, Partial<Agreed>> => {
  const { meets = {} } = maker.options
  const meeting = Object.hasOwn(meets, node.name) ? meets[node.name] : undefined
  if (meeting !== undefined) {
    const said = Object.fromEntries([...from].map(([key, { value }]) => [key, value as never]))
    for (const [key, value] of Object.entries(meeting(said))) {
      const word = from.get(key)?.of
      if (word?._tag !== 'word') {
        throw new TypeError(
          `the option meets has a value for ${key}, which the agreement on ${node.name} does not depend on`,
        )
      }
      word.value = value
      word.bytes = written(word.plans, word.node, value)
      from.set(key, { of: word, value })
    }
  }
  return computed(node, from)
}

/** The parts that differ from the demand; null if none does. */
const unwanted = (growth: Growth, given: Partial<Agreed>): string | null => {
  const { agreed = {} } = growth.maker.options
  const lacking = growth.maker.lacking({ ...growth.plans.protocol, ...given })
  if (lacking !== null) {
    return showLacking(lacking)
  }
  // An aim is given up after some tries, a demand is not.
  const { version, features } = growth.patience > 0 ? { ...growth.aim, ...agreed } : agreed
  growth.patience--
  return given.version !== undefined && version !== undefined && given.version !== version
    ? `version ${version} is wanted`
    : given.features !== undefined && features !== undefined && !sameNames(given.features, features)
      ? `the features ${features.join(', ')} are wanted`
      : null
}

const sameNames = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  new Set(a).size === new Set(b).size && a.every((each) => b.includes(each))

/** The bytes of a message. @throws Error for a value that cannot be written. */
export const written = (
  plans: Plans,
  { key, grammar }: Pick<SaysNode, 'key' | 'grammar'>,
  value: unknown,
): Uint8Array => {
  let bytes = new Uint8Array(0)
  const result = plans.write(grammar as Grammar<unknown>, value, (given) => {
    bytes = given.slice()
  })
  if (isLeft(result)) {
    throw new Error(`the value made for ${key} cannot be encoded: ${showIssue(result.left)}`)
  }
  return bytes
}
