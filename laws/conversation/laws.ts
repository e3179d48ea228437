import fc from 'fast-check'
import {
  type AnyFlow,
  type ConversationIssueEvent,
  namedParts,
  type ObserveOptions,
  type Observer,
  observe,
  toTable,
} from '../../conversation/index.js'
import type { Side } from '../../conversation/node.js'
import { flowsIn } from '../../conversation/parts.js'
import { type BrokenSession, toBrokenSessions, toSessions } from '../../interpreters/conversations/index.js'
import { fail, same } from '../expect.js'
import { type ConversationLawOptions, sessionOptionsOf } from './options.js'
import { played, type Step, sameEvents, whole } from './played.js'

/** What the laws of one conversation are made from. */
export class ConversationEnvironment {
  readonly flow: AnyFlow
  readonly #options: ConversationLawOptions

  constructor(flow: AnyFlow, options: ConversationLawOptions) {
    this.flow = flow
    this.#options = options
  }

  get made(): ReturnType<typeof toSessions> {
    const { rules: _, ...options } = sessionOptionsOf(this.#options)
    return toSessions(this.flow, options)
  }

  get broken(): fc.Arbitrary<BrokenSession> {
    return toBrokenSessions(this.flow, sessionOptionsOf(this.#options))
  }

  observer(): Observer {
    const { protocol, subject = observe } = this.#options
    const options: ObserveOptions = protocol === undefined ? {} : { protocol }
    return subject(this.flow, options)
  }
}

export interface ConversationLaw {
  readonly name: string
  readonly property: (env: ConversationEnvironment) => fc.IRawProperty<unknown>
}

const told: ConversationLaw = {
  name: 'what is said is told, word for word, and nothing is wrong with it',
  property: (env) =>
    fc.property(env.made, (session) => {
      sameEvents(played(env.observer(), session, whole), session.events)
    }),
}

const steps: fc.Arbitrary<ReadonlyArray<Step>> = fc.array(
  fc.tuple(
    fc.constantFrom<Side>('client', 'server'),
    fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100 })),
  ),
  { minLength: 1, maxLength: 12 },
)

const cuts: ConversationLaw = {
  name: 'it does not matter how the bytes are cut, and which side comes first',
  property: (env) =>
    fc.property(
      fc.oneof<[fc.Arbitrary<{ readonly [S in Side]: Uint8Array }>, fc.Arbitrary<BrokenSession>]>(
        env.made,
        env.broken,
      ),
      steps,
      (session, given) => {
        sameEvents(played(env.observer(), session, given), played(env.observer(), session, whole))
      },
    ),
}

const issueOf = ({ side, issue, fatal }: ConversationIssueEvent): BrokenSession['issue'] => ({
  tag: issue._tag,
  side,
  offset: issue.offset,
  path: issue.path,
  fatal,
})

const faults: ConversationLaw = {
  name: 'a rule that is broken is told, with the side and the place',
  property: (env) =>
    fc.property(env.broken, (session) => {
      const events = played(env.observer(), session, whole)
      const issues = events.filter((event) => event.kind === 'issue').map(issueOf)
      const { issue } = session
      const found = issues.find(({ side, fatal }) => side === issue.side && fatal === issue.fatal)
      if (found === undefined) {
        fail(`nothing fatal is told of the ${issue.side}`)
      }
      const wanted = issues.find(
        (each) => each.side === issue.side && each.offset === issue.offset && each.tag === issue.tag,
      )
      same(wanted ?? found, issue, `the issue of "${session.rule}"`)
      if (found.offset < session.at) {
        fail(
          `an issue is told at byte ${found.offset} of the ${issue.side}, before what is broken at ${session.at}`,
        )
      }
    }),
}

const printed: ConversationLaw = {
  name: 'each word is printed',
  property: ({ flow }) =>
    fc.property(fc.constant(flow), () => {
      const pages = [flow, ...namedParts(flow).values()].map((each) => toTable(each)).join('\n')
      for (const node of flowsIn(flow.node)) {
        if ('key' in node && !pages.includes(`\`${node.key}\``)) {
          fail(`${node.key} is not printed`)
        }
      }
    }),
}

export const conversationLaws: ReadonlyArray<ConversationLaw> = [told, cuts, faults, printed]
