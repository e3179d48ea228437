import type { FlowNode, Label } from '../../../conversation/node.js'
import { flowsIn } from '../../../conversation/parts.js'
import { type BrokenRule, type BrokenSession, brokenRules } from '../session.js'
import { disagreement } from './agreements.js'
import { cutContent, cutFrame, emptyFrame, frameBehind, noEndFrame } from './frames.js'
import { behindEnd, fewerRounds, goesOn, moreRounds, unasked } from './rounds.js'
import { type Occasion, type Site, shuffledBy, sitesOf } from './site.js'
import {
  cut,
  cutBytes,
  lackingCase,
  malformed,
  noSuchCase,
  omitted,
  silent,
  tooLong,
  twice,
  wrongSide,
} from './words.js'

/** Tries one place after another, in random order. */
const anywhere =
  (breaking: (occasion: Occasion, site: Site) => BrokenSession | null) =>
  (occasion: Occasion): BrokenSession | null => {
    for (const site of shuffledBy(occasion.draw, sitesOf(occasion))) {
      const broken = breaking(occasion, site)
      if (broken !== null) {
        return broken
      }
    }
    return null
  }

interface Rule {
  /** Null if the session gives no occasion. */
  readonly breaks: (occasion: Occasion) => BrokenSession | null
  /** Whether a flow with this part has the rule. */
  readonly isIn: (node: FlowNode) => boolean
}

const is =
  (tag: FlowNode['_tag']) =>
  (node: FlowNode): boolean =>
    node._tag === tag

const isNumber = (label: Label): boolean => typeof label === 'number' || typeof label === 'bigint'
/** Whether missing messages can be recognised. */
const hasEnd = (node: FlowNode): boolean =>
  node._tag === 'says' || (node._tag === 'blob' && node.delimiter !== null)
const inFrames = (node: FlowNode): boolean => node._tag === 'carried' && node.way._tag === 'frames'
const isCounted = (node: FlowNode): boolean =>
  node._tag === 'loop' && node.until !== null && 'times' in node.until
const hasTurns = (node: FlowNode): boolean =>
  node._tag === 'loop' && node.until !== null && 'end' in node.until

const rules: { readonly [R in BrokenRule]: Rule } = {
  'a word is cut': { breaks: anywhere(cut), isIn: is('says') },
  'a side falls silent': { breaks: anywhere(silent), isIn: is('says') },
  'a word is omitted': { breaks: anywhere(omitted), isIn: is('says') },
  'a word is said twice': { breaks: anywhere(twice), isIn: is('says') },
  'a word comes from the wrong side': { breaks: anywhere(wrongSide), isIn: is('says') },
  'a word breaks a rule of its grammar': { breaks: anywhere(malformed), isIn: is('says') },
  'a word is longer than was asked for': {
    breaks: anywhere(tooLong),
    isIn: (node) => node._tag === 'says' && node.atMost !== null,
  },
  'there is no such case': {
    breaks: anywhere(noSuchCase),
    isIn: (node) =>
      node._tag === 'branch' && node.otherwise === null && [...node.cases.keys()].some(isNumber),
  },
  'the protocol lacks the case': {
    breaks: anywhere(lackingCase),
    isIn: (node) => node._tag === 'branch' && [...node.cases.values()].some(({ gate }) => gate !== null),
  },
  'the sides disagree': { breaks: disagreement, isIn: is('agree') },
  'there are fewer rounds than announced': { breaks: fewerRounds, isIn: isCounted },
  'there are more rounds than announced': { breaks: moreRounds, isIn: isCounted },
  'it goes on behind its end': {
    breaks: goesOn,
    isIn: (node) => node._tag === 'loop' && node.until === null,
  },
  'a side speaks unasked': { breaks: unasked, isIn: hasTurns },
  'bytes are cut': {
    breaks: anywhere(cutBytes),
    isIn: (node) => node._tag === 'blob' && node.delimiter !== null,
  },
  'a frame is cut': { breaks: anywhere(cutFrame), isIn: inFrames },
  'there is no end frame': { breaks: anywhere(noEndFrame), isIn: inFrames },
  'a frame is empty': { breaks: anywhere(emptyFrame), isIn: inFrames },
  'a frame follows the end frame': { breaks: anywhere(frameBehind), isIn: inFrames },
  'what is carried is cut': {
    breaks: anywhere(cutContent),
    isIn: (node) => node._tag === 'carried' && [...flowsIn(node.inner)].some(hasEnd),
  },
  'bytes follow the end': { breaks: behindEnd, isIn: () => true },
}

/** Breaks one rule; null if the session gives no occasion. */
export const breakRule = (rule: BrokenRule, occasion: Occasion): BrokenSession | null =>
  rules[rule].breaks(occasion)

/** The rules that a flow can have. */
export const rulesIn = (flow: FlowNode): ReadonlyArray<BrokenRule> => {
  const nodes = [...flowsIn(flow)]
  return brokenRules.filter((rule) => nodes.some(rules[rule].isIn))
}
