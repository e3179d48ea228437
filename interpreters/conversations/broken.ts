import fc from 'fast-check'
import { flowNode } from '../../conversation/expect.js'
import type { AnyFlow } from '../../conversation/flow.js'
import type { FlowNode } from '../../conversation/node.js'
import { plansFor } from '../compile/resumable.js'
import { expectSessions } from './expect.js'
import { breakRule, rulesIn } from './faults/index.js'
import { Maker } from './maker.js'
import { type BrokenSessionOptions, brokenOptions } from './options.js'
import type { BrokenRule, BrokenSession } from './session.js'
import { type Made, Sessions } from './sessions.js'
import { Draw } from './stand.js'

interface Broken {
  readonly made: Made
  readonly rule: BrokenRule
  readonly session: BrokenSession
  readonly random: fc.Random
}

// The number of sessions that are searched for an occasion for a rare rule, and the smaller number if there are other
// rules to break.
const mostSessions = 300
const fewSessions = 20

const taker = { of: 'toBrokenSessions', forGrammars: 'toMalformed' }

/** The generated sessions give no occasion to break any of the rules. */
export class NoOccasion extends Error {
  constructor(rules: ReadonlyArray<BrokenRule>) {
    super(`no generated session allows one of these rules to be broken: ${rules.join(', ')}`)
  }
}

class BrokenSessions extends fc.Arbitrary<Broken> {
  readonly #flow: FlowNode
  readonly #maker: Maker
  readonly #sessions: Sessions
  readonly #rules: ReadonlyArray<BrokenRule>

  constructor(flow: FlowNode, { rules, ...options }: BrokenSessionOptions) {
    super()
    this.#flow = flow
    // A departure could not be told from an issue.
    const staying = { ...options, departs: false }
    this.#maker = new Maker(flow, staying)
    this.#sessions = new Sessions(flow, staying)
    const possible = rulesIn(flow)
    this.#rules = possible.filter((rule) => rules === undefined || rules.includes(rule))
    if (this.#rules.length === 0) {
      throw new RangeError('toBrokenSessions has no rule to break in this flow')
    }
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<Broken> {
    const draw = new Draw(random, bias)
    const first = draw.below(this.#rules.length)
    const most = this.#rules.length === 1 ? mostSessions : fewSessions
    for (let i = 0; i < this.#rules.length; i++) {
      const rule = this.#rules[(first + i) % this.#rules.length]!
      for (let tries = 0; tries < most; tries++) {
        const made = draw.value(this.#sessions).value
        const broken = this.#broken(made, rule, random)
        if (broken !== null) {
          return new fc.Value(broken, undefined)
        }
      }
    }
    throw new NoOccasion(this.#rules)
  }

  override canShrinkWithoutContext(value: unknown): value is Broken {
    return typeof value === 'object' && value !== null && 'made' in value
  }

  override shrink({ made, rule, random }: Broken): fc.Stream<fc.Value<Broken>> {
    return this.#sessions
      .shrink(made)
      .map((smaller) => this.#broken(smaller.value, rule, random.clone()))
      .filter((each) => each !== null)
      .map((each) => new fc.Value(each, undefined))
  }

  #broken(made: Made, rule: BrokenRule, random: fc.Random): Broken | null {
    const left = random.clone()
    const { grown, laid, protocol } = made
    const session = breakRule(rule, {
      flow: this.#flow,
      maker: this.#maker,
      grown,
      laid,
      plans: plansFor(protocol, {}),
      draw: new Draw(random, undefined),
    })
    return session === null ? null : { made, rule, session, random: left }
  }
}

/**
 * A fast-check arbitrary for sessions in which exactly one rule of the conversation is broken. Each says which rule,
 * by which side, at which byte, and the issue that an observer must report.
 *
 * ```ts
 * import { says, conversation, turns } from 'nix-wire/conversation'
 * import { toBrokenSessions } from 'nix-wire/laws'
 * import { bytesOf } from 'nix-wire'
 * import { bool64, u8 } from 'nix-wire/combinators'
 * import fc from 'fast-check'
 *
 * const kitchen = conversation('kitchen', turns('orders', says('client', 'order', u8), { Ready: [1, says('server', 'ready', bool64)] }))
 * const silent = toBrokenSessions(kitchen, { turns: ['Ready'], rules: ['a side falls silent'] })
 * const [session] = fc.sample(silent, 1)
 * session?.client // => bytesOf('0100000000000000')
 * session?.server // => new Uint8Array(0)
 * session?.issue // => { tag: 'UnexpectedEnd', side: 'server', offset: 0, path: ['ready'], fatal: true }
 * ```
 *
 * The issue is derived without an observer: from the grammar of the message that is expected at that place, and the
 * bytes there. A session is not used if the bytes could also be read without an issue: the number of an order that
 * has no other messages, sent twice, is two orders. An observer may report further issues of the same rule besides
 * the named one.
 *
 * @throws TypeError and RangeError like {@link toSessions}, and for rules that the flow does not have. Generating a
 * session throws an error if no session allows one of the rules to be broken.
 */
export const toBrokenSessions = (
  flow: AnyFlow,
  options: BrokenSessionOptions = {},
): fc.Arbitrary<BrokenSession> => {
  const node = expectSessions(taker, flow, brokenOptions, options)
  return new BrokenSessions(node, options).map(({ session }) => session)
}

/** The rules that sessions of a flow can break. */
export const brokenRulesOf = (flow: AnyFlow): ReadonlyArray<BrokenRule> =>
  rulesIn(flowNode('what brokenRulesOf takes', flow))
