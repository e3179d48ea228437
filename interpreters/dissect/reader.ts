import type { Issue, UnexpectedEnd } from '../../combinators/issue.js'
import {
  type BoolNode,
  type BytesNode,
  type IntNode,
  nodeName,
  type ResolvedNode,
  type TextNode,
} from '../../combinators/node.js'
import { readChoice } from './choices.js'
import { readSequence, readUntil } from './collections.js'
import type { Found } from './found.js'
import { type LeafPlace, type LeafSettings, readBool, readBytes, readInt, readText } from './leaves.js'
import { Refusal, type Source } from './source.js'
import type { ReaderSettings, Reading, Spot, Stage, Wanted } from './spot.js'
import { readFramed, readImap, readLazy, readSpan, readStruct } from './structures.js'
import { OpenPart } from './tree.js'

/** Tags of issues about the form of a value, not its contents. */
const harmless: ReadonlySet<Issue['_tag']> = new Set([
  'NonZeroPadding',
  'NotCanonical',
  'DuplicateKey',
  'UnexpectedValue',
  'TrailingBytes',
])

type Primitive = IntNode | BoolNode | BytesNode | TextNode

/**
 * The simplest possible reader: from left to right, one node at a time, nothing compiled and nothing skipped. It makes
 * a tree of what it read, with the broken part. If a part breaks a rule but its end is known, it notes the issue and
 * goes on.
 *
 * Its state is a list of stages instead of nested calls: nesting cannot overflow the stack, and a reading continues
 * when more bytes have come.
 */
export class Reader implements Reading {
  readonly settings: ReaderSettings
  readonly #leaf: LeafSettings
  readonly #found: Found
  readonly #stages: Array<Stage> = []
  readonly #roots: Array<OpenPart> = []
  strangers = 0
  depth = 0
  /** The next value for the stage on top. */
  #sent: unknown
  #thrown: Refusal | null = null

  constructor(settings: ReaderSettings, found: Found) {
    this.settings = settings
    this.#found = found
    this.#leaf = {
      protocol: settings.protocol,
      canonical: settings.canonical,
      stringLimit: settings.limits.string,
    }
  }

  /** The part of the whole value; null if that takes no bytes. */
  get root(): OpenPart | null {
    return this.#roots[0] ?? null
  }

  /** The value, once {@link advance} has returned that nothing is missing. */
  get value(): unknown {
    return this.#sent
  }

  /** The number of issues found. */
  get #flaws(): number {
    return this.#found.count
  }

  note(part: OpenPart | undefined, issue: Issue): void {
    if (!harmless.has(issue._tag)) {
      this.strangers++
    }
    const isListed = this.#found.add(issue)
    if (part !== undefined) {
      part.sound = false
      if (isListed) {
        part.issues.push(issue)
      }
    }
  }

  append(siblings: Array<OpenPart>, part: OpenPart): void {
    if (!this.settings.tree) {
      siblings.length = 0
    }
    siblings.push(part)
  }

  begin(node: ResolvedNode, source: Source): void {
    this.#enter({ node, spot: { source, path: [], role: 'value', siblings: this.#roots } })
  }

  /**
   * Goes on as far as the bytes reach; returns how many are missing, or null if all has been read.
   *
   * @throws Refusal if reading cannot go on.
   */
  advance(): number | null {
    for (;;) {
      const stage = this.#stages.at(-1)
      if (stage === undefined) {
        this.#throwUp()
        return null
      }
      const missing = this.#step(stage)
      if (missing !== null) {
        return missing
      }
    }
  }

  /** Runs one step of the stage on top; returns how many bytes it waits for. */
  #step(stage: Stage): number | null {
    const thrown = this.#thrown
    const sent = this.#sent
    this.#thrown = null
    this.#sent = undefined
    let step: IteratorResult<Wanted | number, unknown>
    try {
      step = thrown === null ? stage.next(sent) : stage.throw(thrown)
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error
      }
      this.#stages.pop()
      this.#thrown = error
      return null
    }
    if (step.done === true) {
      this.#stages.pop()
      this.#sent = step.value
    } else if (typeof step.value === 'number') {
      return step.value
    } else {
      this.#enter(step.value)
    }
    return null
  }

  #throwUp(): void {
    const thrown = this.#thrown
    if (thrown !== null) {
      throw thrown
    }
  }

  #enter({ node, spot }: Wanted): void {
    const { source } = spot
    switch (node._tag) {
      case 'int':
      case 'bool':
      case 'bytes':
      case 'text':
        this.#primitive(node, spot)
        return
      case 'struct':
        this.#part(node, spot, (part) => readStruct(this, node, source, part, []))
        return
      case 'sequence':
        this.#part(node, spot, (part) => readSequence(this, node, source, part))
        return
      case 'choice':
        this.#part(node, spot, (part) =>
          readChoice(this, node, source, part, ({ body }, known) => this.#body(body, known, spot, part)),
        )
        return
      case 'pure':
        this.#sent = node.value
        return
      case 'lazy':
        this.#stages.push(readLazy(this, node, spot))
        return
      case 'imap':
        this.#stages.push(readImap(this, node, spot))
        return
      case 'until':
        this.#part(node, spot, (part) => readUntil(this, node, source, part))
        return
      case 'span':
        this.#stages.push(readSpan(node, spot))
        return
      case 'framed':
        this.#part(node, spot, (part) => readFramed(this, node, source, part))
        return
    }
  }

  #part(node: ResolvedNode, spot: Spot, read: (part: OpenPart) => Stage): void {
    const { source, path, role, siblings, name } = spot
    const part = new OpenPart(source, path, role, name ?? nodeName(node), nodeName(node))
    this.append(siblings, part)
    this.#stages.push(this.#closing(part, read(part)))
  }

  *#closing(part: OpenPart, stage: Stage): Stage {
    const flaws = this.#flaws
    try {
      const value = yield* stage
      part.accept(value, this.#flaws === flaws)
      return value
    } finally {
      part.close()
    }
  }

  *#body(
    body: ResolvedNode | undefined,
    known: ReadonlyArray<readonly [string, unknown]>,
    { source }: Spot,
    around: OpenPart,
  ): Stage {
    if (body === undefined) {
      return undefined
    }
    const { path } = around
    const spot: Spot = { source, path, role: 'value', siblings: around.parts }
    if (known.length === 0 || body._tag !== 'struct') {
      return yield { node: body, spot }
    }
    const part = new OpenPart(source, path, 'value', nodeName(body), nodeName(body))
    this.append(around.parts, part)
    return yield* this.#closing(part, readStruct(this, body, source, part, known))
  }

  #primitive(node: Primitive, spot: Spot): void {
    const { source, path, role, siblings, name } = spot
    const grammar = nodeName(node)
    const part = new OpenPart(source, path, role, name ?? grammar, grammar)
    this.append(siblings, part)
    const place: LeafPlace = {
      path,
      grammar: spot.refuses ?? grammar,
      decides: spot.decides === true,
      ends: (pos) => part.endAt(pos),
      note: (issue) => this.note(part, issue),
    }
    try {
      this.#sent = this.#read(node, source, part, place)
    } catch (error) {
      if (isWaiting(error, source)) {
        this.#stages.push(this.#arriving(node, source, part, place, error.issue.missing))
      } else if (error instanceof Refusal) {
        this.#thrown = error
      } else {
        throw error
      }
    }
  }

  /** A primitive whose bytes come in pieces is read again from its start. */
  *#arriving(node: Primitive, source: Source, part: OpenPart, place: LeafPlace, lacking: number): Stage {
    for (let missing = lacking; ; ) {
      yield missing
      try {
        return this.#read(node, source, part, place)
      } catch (error) {
        if (!isWaiting(error, source)) {
          throw error
        }
        missing = error.issue.missing
      }
    }
  }

  #read(node: Primitive, source: Source, part: OpenPart, place: LeafPlace): unknown {
    const flaws = this.#flaws
    const { pos } = source
    // A primitive that is cut short is shown up to the end.
    part.endAt(Math.min(pos + 8, source.end))
    try {
      const value = this.#value(node, source, place)
      part.endAt(source.pos)
      part.accept(value, this.#flaws === flaws)
      return value
    } catch (error) {
      source.pos = pos
      throw error
    }
  }

  #value(node: Primitive, source: Source, place: LeafPlace): unknown {
    switch (node._tag) {
      case 'int':
        return readInt(node, this.#leaf, source, place)
      case 'bool':
        return readBool(node, this.#leaf, source, place)
      case 'bytes':
        return readBytes(node, this.#leaf, source, place)
      case 'text':
        return readText(node, this.#leaf, source, place)
    }
  }
}

/** Whether a primitive lacks bytes that may still come. */
const isWaiting = (error: unknown, { open }: Source): error is Refusal & { readonly issue: UnexpectedEnd } =>
  open && error instanceof Refusal && error.issue._tag === 'UnexpectedEnd'
