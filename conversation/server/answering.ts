import { isLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import { ConversationError, handlerFailed, isIssue, sourceFailed } from '../line/interruption.js'
import { formOf, type Line } from '../line/line.js'
import { pieceOf } from '../line/piece.js'
import type { Telling } from '../line/shape.js'
import { Speaker } from '../line/speaker.js'
import { mostAtOnce } from '../machine/blob.js'
import { notYet } from '../machine/feed.js'
import type { Scope, Spoken } from '../machine/scope.js'
import { Break, type Talk } from '../machine/talk.js'
import type { Case, SaysNode } from '../node.js'
import { duesOf } from './dues.js'
import type { Handling, ToTell } from './handling.js'
import type { ServeSettings } from './options.js'

/** Sends the messages of a turn: the notices, requests and result of its handler, or its failure. */
export abstract class Answering extends Speaker {
  protected readonly options: ServeSettings

  constructor(line: Line, options: ServeSettings) {
    super(line)
    this.options = options
  }

  /** A message of a turn, if it is available and there is room for it. */
  protected answerNow(handling: Handling, node: SaysNode, scope: Scope): Spoken | typeof notYet {
    const { result, incoming } = handling
    const mustWait =
      result === null || handling.tells || scope.pieces !== null || incoming.some(({ isOver }) => !isOver)
    if (mustWait || !this.mayPut) {
      return notYet
    }
    const telling = handling.shape.tellings.get(node.key)
    if (telling !== undefined) {
      this.#expectSayable(handling)
      return handling.failed === null ? this.utterNow(node, telling.speech.done, scope) : notYet
    }
    const next = result.next(node)
    return next === null ? notYet : this.#formed(handling, node, next.value, scope)
  }

  protected answer(handling: Handling, node: SaysNode, scope: Scope): Talk<Spoken> {
    const telling = handling.shape.tellings.get(node.key)
    return telling === undefined
      ? this.#sayResult(handling, node, scope)
      : this.#sayTold(handling, telling, node, scope)
  }

  /** Sends the result of the handler. */
  *#sayResult(handling: Handling, node: SaysNode, scope: Scope): Talk<Spoken> {
    const asked = yield* this.#asksOrWaits(handling, node, scope)
    if (asked !== null) {
      return yield* this.utter(node, asked.value, scope)
    }
    const { result, failed } = handling
    if (failed !== null) {
      return yield* this.utter(node, this.#failureOf(handling, node), scope)
    }
    const piece = yield* pieceOf(node, scope)
    if (piece !== null) {
      return yield* this.utter(node, piece, scope)
    }
    const next = result?.next(node) ?? null
    if (next === null) {
      throw this.unsaid(node.key)
    }
    return yield* this.utter(node, next.value, scope)
  }

  /** The request for another piece; null when the handler has ended. */
  *#asksOrWaits(handling: Handling, node: SaysNode, scope: Scope): Talk<{ readonly value: unknown } | null> {
    for (;;) {
      const asks = asksOf(handling, node, scope)
      if (asks !== null) {
        return { value: asks }
      }
      if (!handling.isRunning) {
        return null
      }
      yield handling.waits(asksForPieces(scope))
    }
  }

  *#sayTold(handling: Handling, telling: Telling, node: SaysNode, scope: Scope): Talk<Spoken> {
    for (;;) {
      const told = handling.next(node.key)
      if (told !== null) {
        const said = yield* this.#sayOne(told, node, scope)
        if (said !== null) {
          return said
        }
        continue
      }
      const asks = asksOf(handling, node, scope)
      if (asks !== null) {
        return yield* this.utter(node, asks, scope)
      }
      if (!handling.isRunning) {
        return yield* this.#sayEnd(handling, telling, node, scope)
      }
      yield handling.waits(asksForPieces(scope))
    }
  }

  /** Null for an invalid message, of which the handler is told. */
  *#sayOne({ value, done, failed }: ToTell, node: SaysNode, scope: Scope): Talk<Spoken | null> {
    if (!this.mayPut) {
      yield* this.untilItMayPut()
    }
    const said = this.attempt(node, value, scope)
    if (isLeft(said)) {
      failed(new ConversationError({ ...said.left, path: [node.key, ...said.left.path] }))
      return null
    }
    done()
    return said.right
  }

  *#sayEnd(handling: Handling, telling: Telling, node: SaysNode, scope: Scope): Talk<Spoken> {
    if (handling.failed === null) {
      const piece = yield* this.#nextPiece(handling, node, scope)
      if (piece !== null) {
        return yield* this.utter(node, piece, scope)
      }
      yield* this.#drained(handling, scope)
      this.#expectSayable(handling)
    }
    this.#expectUnbroken(handling, node, scope)
    return yield* this.utter(
      node,
      handling.failed === null ? telling.speech.done : this.#failureOf(handling, node),
      scope,
    )
  }

  /** A source that fails counts as a handler that fails. */
  *#nextPiece(handling: Handling, node: SaysNode, scope: Scope): Talk<unknown> {
    try {
      return yield* pieceOf(node, scope)
    } catch (thrown) {
      handling.breakOff(thrown instanceof Break ? reasonOf(thrown) : thrown)
      return null
    }
  }

  /** Reads the uploads that the handler left unread: the reply comes after them. */
  *#drained({ incoming }: Handling, scope: Scope): Talk<void> {
    if (asksForPieces(scope)) {
      // Pieces come only on request, so nothing is left to read.
      return
    }
    const open = incoming.filter(({ isOver }) => !isOver)
    for (const each of open) {
      each.discard()
    }
    while (open.some(({ isOver }) => !isOver)) {
      yield open.flatMap(({ bell }) => bell.next())
    }
  }

  /** After an upload that cannot be read there is no next turn: the server sends that it breaks off. */
  #expectUnbroken({ incoming, chosen }: Handling, node: SaysNode, scope: Scope): void {
    if (!asksForPieces(scope) && incoming.some(({ isBroken }) => isBroken)) {
      throw this.#cannotSay(new TypeError(`${node.key} cannot be sent: an upload is broken`), chosen)
    }
  }

  /** Encodes the rest of the result, so that an encoding error is found while an error can still be sent. */
  #expectSayable(handling: Handling): void {
    const { result, chosen, shape } = handling
    if (result === null || handling.forms !== null) {
      return
    }
    const forms = new Map<SaysNode, Uint8Array>()
    for (const node of duesOf(chosen.flow, this.plans.protocol)) {
      const due = shape.manners.get(node.key) === 'once' ? result.next(node) : null
      const form = due === null ? null : formOf(this.plans, node.grammar, due.value)
      if (form !== null && isLeft(form)) {
        const issue: Issue = { ...form.left, path: [node.key, ...form.left.path] }
        handling.fail(new ConversationError(issue))
        return
      }
      if (form !== null) {
        forms.set(node, form.right)
      }
    }
    handling.forms = forms
  }

  #formed(handling: Handling, node: SaysNode, value: unknown, scope: Scope): Spoken {
    const said = this.attempt(node, value, scope, handling.forms?.get(node))
    if (isLeft(said)) {
      throw this.broken(node.key, said.left)
    }
    return said.right
  }

  /** The message for a failure. @throws Break if there is none. */
  #failureOf({ failed, chosen, shape }: Handling, node: SaysNode): unknown {
    const { failure } = this.options
    const thrown =
      failed === null || failed._tag === 'said'
        ? new TypeError(`${node.key} cannot be a failure`)
        : failed.thrown
    const cannotSay = (): Break => this.#cannotSay(thrown, chosen, failed?._tag === 'broken')
    if (!shape.failing.has(node.key) || (failed?._tag !== 'said' && failure === undefined)) {
      throw cannotSay()
    }
    if (failed?._tag === 'said') {
      return failed.value
    }
    const value = failure?.(thrown, chosen.name, this.plans.protocol)
    if (value === undefined) {
      throw cannotSay()
    }
    return value
  }

  /** The error of a handler, if that ends the conversation. */
  protected expectNotThrown({ failed, chosen }: Handling): void {
    if (failed !== null && failed._tag !== 'said') {
      throw this.#cannotSay(failed.thrown, chosen, failed._tag === 'broken')
    }
  }

  #cannotSay(thrown: unknown, { name }: Case, isOfSource = false): Break {
    const failed = (): Issue =>
      isOfSource
        ? { ...sourceFailed(thrown, this.position), grammar: name }
        : handlerFailed(thrown, name, this.position)
    const issue = thrown instanceof ConversationError && isIssue(thrown.failure) ? thrown.failure : failed()
    return this.broken(name, { ...issue, path: [] })
  }
}

/** The error of a source, or the issue of what it yielded. */
const reasonOf = ({ issue }: Break): unknown =>
  'cause' in issue ? issue.cause : new ConversationError(issue)

/** Whether an upload only comes on request. */
const asksForPieces = ({ pieces }: Scope): boolean => pieces?.way.asks != null

/** The request for the next piece, if a reader waits for one. */
const asksOf = ({ incoming }: Handling, node: SaysNode, { pieces }: Scope): unknown => {
  const asks = pieces?.way.asks
  return asks != null &&
    asks.key === node.key &&
    !pieces?.isWhole &&
    incoming.some(({ isHungry }) => isHungry)
    ? { ...asks.value, [asks.size]: mostAtOnce }
    : null
}
