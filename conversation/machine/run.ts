import type { CarriedNode, FlowNode, GatedNode, SequenceNode } from '../node.js'
import { agreeOn } from './agree.js'
import { hearAtOnce } from './at-once.js'
import { hearBlob, speakBlob } from './blob.js'
import { hearBranch } from './branch.js'
import { notYet } from './feed.js'
import { FlowEnd } from './flow-end.js'
import { type OpensFlowEnd, setFlowEnds } from './flow-ends.js'
import { hearFrames, speakFrames } from './frames.js'
import { hearLoop } from './loop.js'
import { runNow } from './now.js'
import { isOffered } from './offered.js'
import { hearPieces, speakPieces } from './pieces.js'
import { hearWord, sayWord } from './says.js'
import { closed, type Exit, type Scope } from './scope.js'
import { lastSpeaking, speaks } from './speaks.js'
import type { Talk } from './talk.js'
import { hearUnless } from './unless.js'

/**
 * Follows a flow: receives the messages of the sides without a voice, and sends those of the others. Receiving waits
 * only for the next bytes, so that the events do not depend on how the bytes are cut.
 */
export function* run(given: FlowNode, scope: Scope): Talk<Exit> {
  if (!scope.rest) {
    return yield* runLast(given, scope)
  }
  const node = openWay(given, scope)
  switch (node._tag) {
    case 'says': {
      const voice = scope.voices[node.side]
      return yield* voice === null ? hearWord(node, scope) : sayWord(node, scope, voice)
    }
    case 'sequence':
      return yield* runParts(node, 0, node.parts.length, scope)
    case 'branch':
      return yield* hearBranch(node, scope, run)
    case 'agree':
      return agreeOn(node, scope)
    case 'loop':
      return yield* hearLoop(node, scope, run)
    case 'again':
      return node.loop
    case 'atOnce':
      return yield* hearAtOnce(node, scope, run)
    case 'blob': {
      const voice = scope.voices[node.side]
      return yield* voice === null ? hearBlob(node, scope) : speakBlob(node, scope, voice)
    }
    case 'carried':
      return yield* runCarried(node, scope)
    case 'unless':
      return yield* hearUnless(node, scope, run)
    case 'ends':
      return closed
  }
}

/**
 * Follows the part with the last messages of a turn: after them the next turn may send, though much may still have to
 * be received.
 */
function* runLast(node: FlowNode, scope: Scope): Talk<Exit> {
  switch (node._tag) {
    case 'branch':
      return yield* hearBranch(node, scope, run)
    case 'gated':
      return yield* runLast(openWay(node, scope), scope)
    case 'sequence':
      return yield* runToLast(node, scope)
    case 'unless':
      return yield* hearUnless(node, scope, run)
    case 'atOnce':
      if (speaks(node, scope)) {
        return yield* hearAtOnce(node, scope, run)
      }
      break
    default:
      if (speaks(node, scope)) {
        const exit = yield* run(node, { ...scope, rest: true })
        fallSilent(scope)
        return exit
      }
  }
  fallSilent(scope)
  return yield* run(node, { ...scope, rest: true })
}

function* runToLast(node: SequenceNode, scope: Scope): Talk<Exit> {
  const { parts } = node
  const last = lastSpeaking(node, scope)
  const rest = { ...scope, rest: true }
  if (last < 0) {
    fallSilent(scope)
    return yield* runParts(node, 0, parts.length, rest)
  }
  const before = yield* runParts(node, 0, last, rest)
  const exit = before === null ? yield* runLast(parts[last]!, scope) : before
  return exit === null ? yield* runParts(node, last + 1, parts.length, rest) : exit
}

const fallSilent = ({ voices: { client, server } }: Scope): void => {
  client?.silent()
  server?.silent()
}

function* runParts({ parts }: SequenceNode, from: number, to: number, scope: Scope): Talk<Exit> {
  for (let at = from; at < to; at++) {
    const part = parts[at]!
    const now = runNow(part, scope)
    const exit = now === notYet ? yield* run(part, scope) : now
    if (exit !== null) {
      return exit
    }
  }
  return null
}

/** The flow of a gate under the negotiated protocol. */
const openWay = (node: FlowNode, { host, nearest }: Scope): Exclude<FlowNode, GatedNode> => {
  let open = node
  while (open._tag === 'gated') {
    open = isOffered(open.gate, nearest ?? host.plans.protocol) ? open.flow : open.otherwise
  }
  return open
}

function* runCarried(node: CarriedNode, scope: Scope): Talk<Exit> {
  const { way } = node
  const voice = scope.voices[node.side]
  if (way._tag === 'frames') {
    return yield* voice === null ? hearFrames(node, way, scope, run) : speakFrames(node, way, scope, voice)
  }
  return yield* voice === null ? hearPieces(node, way, scope, run) : speakPieces(node, way, scope, voice, run)
}

/** Starts the search for the end of a flow. */
export const opensFlowEnd: OpensFlowEnd = (node, side, offset, agreed) =>
  new FlowEnd(run, node, side, offset, agreed)

// All code that follows flows loads this file, so their ends can be found from then on.
setFlowEnds(opensFlowEnd)
