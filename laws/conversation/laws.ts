import fc from 'fast-check'
import {
  type AnyFlow,
  type ConversationIssueEvent,
  connectFlow,
  namedParts,
  type ObserveOptions,
  type Observer,
  observe,
  serveFlow,
  toTable,
} from '../../conversation/index.js'
import { mostAtOnce } from '../../conversation/machine/blob.js'
import type { Side } from '../../conversation/node.js'
import { flowsIn } from '../../conversation/parts.js'
import { type BrokenSession, toBrokenSessions, toSessions } from '../../interpreters/conversations/index.js'
import { fail, same } from '../expect.js'
import { playClient } from './client-law.js'
import { type ConversationLawOptions, sessionOptionsOf } from './options.js'
import { played, type Step, sameEvents, whole } from './played.js'
import { servedCases } from './served-cases.js'
import { playServer } from './server-law.js'
import type { ClientSubject, ServerSubject } from './subjects.js'

/** What the laws of one conversation are made from. */
export class ConversationEnvironment {
  readonly flow: AnyFlow
  readonly #options: ConversationLawOptions
  #served: ReadonlySet<string> | null = null

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

  /** Sessions in which the server asks for as many bytes at once as a server does. */
  get asked(): ReturnType<typeof toSessions> {
    const { rules: _, ...options } = sessionOptionsOf(this.#options)
    return toSessions(this.flow, { asksFor: mostAtOnce, ...options })
  }

  /** What is known before the first word. */
  get known(): Pick<ObserveOptions, 'protocol'> {
    const { protocol } = this.#options
    return protocol === undefined ? {} : { protocol }
  }

  observer(): Observer {
    const { subject = observe } = this.#options
    return subject(this.flow, this.known)
  }

  get client(): ClientSubject {
    return this.#options.client ?? ((...given) => connectFlow(...given))
  }

  get server(): ServerSubject {
    return this.#options.server ?? ((...given) => serveFlow(...given))
  }

  /** The cases that a server can have a handler for. */
  get served(): ReadonlySet<string> {
    this.#served ??= servedCases(this.flow)
    return this.#served
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

/** Whole, or in small pieces. */
const pieces = fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 9 }))

const client: ConversationLaw = {
  name: 'a client says what was made, word for word, and hears the rest',
  property: (env) =>
    fc.asyncProperty(env.made, pieces, fc.boolean(), (session, cut, atOnce) =>
      playClient(env.client, { flow: env.flow, session, options: env.known }, { cut, atOnce }),
    ),
}

const server: ConversationLaw = {
  name: 'a server says what was made, word for word, and hears the rest',
  property: (env) =>
    fc.asyncProperty(env.asked, pieces, (session, cut) => {
      const { flow, known, served } = env
      return playServer(env.server, { flow, session, options: known, served }, cut)
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

export const conversationLaws: ReadonlyArray<ConversationLaw> = [told, cuts, faults, client, server, printed]
