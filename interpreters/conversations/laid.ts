import type { ConversationEvent, TurnOverEvent } from '../../conversation/events.js'
import type { FlowNode, Side } from '../../conversation/node.js'
import type { Grown, GrownWord, Leave } from './grown.js'
import { layCarried } from './laid-carried.js'
import type { Lane, Lays, Telling } from './lane.js'
import type { Reads } from './reading.js'
import type { MadeContent, MadeDeparture } from './session.js'
import { Strand } from './strand.js'

/** A whole session: both streams, and its events. */
export interface Laid {
  readonly client: Strand
  readonly server: Strand
  /** Includes those inside frames and pieces. */
  readonly strands: ReadonlyArray<Strand>
  readonly events: ReadonlyArray<ConversationEvent>
  readonly contents: ReadonlyArray<MadeContent>
  readonly departure: MadeDeparture | null
}

/** Lays out a generated session. */
export const laid = (grown: Grown): Laid => {
  const laying = new Laying()
  const strands = { client: laying.strand('client', []), server: laying.strand('server', []) }
  const events: ConversationEvent[] = []
  laying.lay(grown, {
    strands,
    turn: null,
    guards: { client: null, server: null },
    feeding: null,
    isDeparture: false,
    isHeeded: true,
    tell: ({ event }) => {
      events.push(event)
    },
  })
  if (typeof grown.leave === 'object' && grown.leave?._tag === 'closes') {
    strands.client.tail = { _tag: 'end' }
    strands.server.tail = { _tag: 'end' }
  }
  events.push({ kind: 'end', how: howEnded(grown.leave), left: { client: 0, server: 0 } })
  const { contents, departure } = laying
  return { ...strands, strands: laying.strands, events, contents, departure }
}

const howEnded = (leave: Leave): 'done' | 'closed' | 'departed' =>
  typeof leave !== 'object' || leave === null ? 'done' : leave._tag === 'closes' ? 'closed' : 'departed'

class Laying implements Lays {
  readonly strands: Array<Strand> = []
  readonly contents: Array<MadeContent> = []
  departure: MadeDeparture | null = null
  #time = 0
  /** The message of a departure; it is reported after all that it interrupted. */
  #departure: Array<Telling> = []

  strand(side: Side, within: ReadonlyArray<string>): Strand {
    const strand = new Strand(side, within)
    this.strands.push(strand)
    return strand
  }

  time(): number {
    return this.#time++
  }

  hand({ strands, turn }: Lane, content: Omit<MadeContent, 'turn'>): void {
    if (strands[content.side].within.length === 0) {
      this.contents.push({ ...content, turn: turn?.turn ?? null })
    }
  }

  lay(grown: Grown, lane: Lane): void {
    switch (grown._tag) {
      case 'word':
        this.#word(grown, lane)
        return
      case 'parts': {
        const inside = grown.node._tag === 'atOnce' ? { ...lane, isHeeded: grown.leave === null } : lane
        for (const part of inOrder(grown)) {
          this.lay(part, inside)
        }
        return
      }
      case 'way':
        if (lane.turn !== null && lane.turn.chosen === null && grown.name !== null) {
          lane.turn.chosen = grown.name
        }
        this.lay(grown.way, lane)
        return
      case 'silent':
        return
      case 'loop':
        this.#loop(grown, lane)
        return
      case 'blob':
        this.#blob(grown, lane)
        return
      case 'carried':
        layCarried(this, grown, lane)
        return
      case 'unless':
        this.#unless(grown, lane)
        return
      case 'departure':
        // It belongs to the flow that is broken off, not to the turn.
        this.lay(grown.words, {
          ...lane,
          turn: null,
          feeding: null,
          isDeparture: true,
          tell: (telling) => {
            this.#departure.push(telling)
          },
        })
        return
    }
  }

  #word(grown: GrownWord, { strands, turn, guards, feeding, isDeparture, tell }: Lane): void {
    const { node, plans, most, isNext, decides, bytes, value } = grown
    const branch = isNext ? grown.branch : null
    const { side, key } = node
    const strand = strands[side]
    const start = strand.size
    const reads: Reads = isDeparture
      ? { _tag: 'unknown' }
      : { _tag: 'word', node, plans, most, branch, decides }
    strand.add({
      of: grown,
      part: 'word',
      bytes,
      time: this.time(),
      reads,
      turn: turn?.turn ?? null,
      isDeparture,
      guard: guards[side],
    })
    const end = strand.size
    const event = {
      kind: 'said',
      side,
      key,
      within: strand.within,
      turn: turn?.turn ?? null,
      start,
      end,
      value,
    } as const
    tell({ event, end, toEnd: false })
    for (let each = feeding; each !== null; each = each.around) {
      if (each.key === key && grown.piece !== null) {
        each.take(grown, start)
      }
    }
  }

  #blob(grown: Extract<Grown, { readonly _tag: 'blob' }>, lane: Lane): void {
    const { strands, turn, guards, isDeparture, tell } = lane
    const { node } = grown
    const { side, key, delimiter } = node
    const { bytes, plans } = grown
    this.hand(lane, { side, key, chunks: [bytes], rest: nothing })
    const strand = strands[side]
    const start = strand.size
    strand.add({
      of: grown,
      part: 'bytes',
      bytes,
      time: this.time(),
      reads: { _tag: 'blob', node, plans },
      turn: turn?.turn ?? null,
      isDeparture,
      guard: guards[side],
    })
    const end = strand.size
    const event = {
      kind: 'flowed',
      side,
      key,
      within: strand.within,
      turn: turn?.turn ?? null,
      start,
      end,
      size: bytes.length,
      pieces: null,
      trailing: 0,
      digest: null,
    } as const
    tell({ event, end, toEnd: delimiter === null })
  }

  #loop(grown: Extract<Grown, { readonly _tag: 'loop' }>, lane: Lane): void {
    const { node, rounds } = grown
    const { until } = node
    if (until === null || 'times' in until) {
      for (const round of rounds) {
        this.lay(round, lane)
      }
      return
    }
    const strand = lane.strands[until.end]
    rounds.forEach((round, number) => {
      const turn = { turn: { loop: node.name, number }, chosen: null }
      const tell = (event: ConversationEvent) => lane.tell({ event, end: strand.size, toEnd: false })
      tell({ kind: 'turn', is: 'begun', turn: turn.turn })
      strand.isOpening = true
      this.lay(round, { ...lane, turn, isHeeded: true })
      tell({
        kind: 'turn',
        is: 'over',
        turn: turn.turn,
        ...howLeft(round.leave),
        chosen: turn.chosen,
        lacking: false,
      })
    })
    if (typeof grown.leave !== 'object' || grown.leave === null) {
      strand.tail = firstOf(node.body, grown.plans)
    }
  }

  #unless(grown: Extract<Grown, { readonly _tag: 'unless' }>, lane: Lane): void {
    const { node, flow, departs } = grown
    const { side } = node
    this.lay(flow, { ...lane, guards: { ...lane.guards, [side]: node } })
    const { leave } = flow
    if (typeof leave === 'object' && leave?._tag === 'departs' && leave.from === node) {
      this.departure = { side, is: 'instead', events: this.#departure.map(({ event }) => event) }
      this.#departure.forEach(lane.tell)
      this.#departure = []
    }
    if (departs !== null) {
      const events: ConversationEvent[] = []
      const tell = (telling: Telling) => {
        events.push(telling.event)
        lane.tell(telling)
      }
      this.lay(departs, { ...lane, isDeparture: true, tell })
      this.departure = { side, is: 'behind', events }
    } else if (grown.leave === null) {
      lane.strands[side].tail = firstOf(node.departs, grown.plans)
    }
  }
}

const nothing = new Uint8Array(0)

/** If one of several parts at once leaves, the others are no longer wanted: it comes after their messages. */
const inOrder = ({ node, parts }: Extract<Grown, { readonly _tag: 'parts' }>): ReadonlyArray<Grown> =>
  node._tag === 'atOnce'
    ? [...parts.filter(({ leave }) => leave === null), ...parts.filter(({ leave }) => leave !== null)]
    : parts

const howLeft = (leave: Leave): Pick<TurnOverEvent, 'how' | 'to'> =>
  leave === null
    ? { how: 'done', to: null }
    : typeof leave === 'string'
      ? { how: 'again', to: leave }
      : leave._tag === 'closes'
        ? { how: 'closed', to: null }
        : { how: leave.from === null ? 'departed' : 'broken', to: null }

/** The first message of a flow, as it is read; unknown if it depends on more. */
export const firstOf = (node: FlowNode, plans: GrownWord['plans']): Reads => {
  switch (node._tag) {
    case 'says':
      return { _tag: 'word', node, plans, most: null, branch: null, decides: true }
    case 'sequence': {
      const [first, second] = node.parts
      const reads = first === undefined ? null : firstOf(first, plans)
      return reads === null
        ? { _tag: 'unknown' }
        : reads._tag === 'word' && second?._tag === 'branch' && second.on[0] === reads.node.key
          ? { ...reads, branch: second }
          : reads
    }
    case 'loop':
      return firstOf(node.body, plans)
    default:
      return { _tag: 'unknown' }
  }
}
