import { decodeEscaped } from '../bytes/escaped.js'
import { hexOf } from '../bytes/hex.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { u64 } from '../combinators/primitives/int.js'
import type { Feed } from '../conversation/machine/feed.js'
import type { Hashing } from '../conversation/machine/meter.js'
import { Break, beneath, noteOf, type Talk } from '../conversation/machine/talk.js'
import { ExportInfo } from '../grammar/export.js'
import { Size } from '../grammar/integers.js'
import { narSizeRule } from '../grammar/nar-size.js'
import { AddedPathInfo } from '../grammar/operations/dialects.js'
import type { StreamContent } from '../grammar/operations/operation.js'
import type { NarEvent } from '../stream/nar/events.js'
import type { NarLimits } from '../stream/nar/options.js'
import { NarParser } from '../stream/nar/parser.js'
import type { AddedPath, ContentSummary, ExportedPath, NarSummary } from './events.js'
import type { NewSha256 } from './sha256.js'

/** What reading the content of a stream needs of the session around it. */
export interface ContentContext {
  /** How many items of a list are kept. */
  readonly keep: number
  /** How many bytes the items of a list may have taken that are kept. */
  readonly keepBytes: number
  readonly narLimits: Partial<NarLimits>
  readonly sha256: NewSha256
  value<A>(feed: Feed, grammar: Grammar<A>): Talk<A>
}

/** Reads what a stream carries; `isFile` says of a dump that it is the bytes of a file. */
export const readContent = (
  feed: Feed,
  content: StreamContent,
  isFile: boolean,
  context: ContentContext,
): Talk<ContentSummary> => {
  switch (content) {
    case 'Nar':
      return nar(feed, context)
    case 'Dump':
      return isFile ? file(feed, context) : nar(feed, context)
    case 'Log':
      return log(feed)
    case 'AddMultipleToStore':
      return addMultiple(feed, context)
    case 'ExportPath':
      return exportPath(feed, context)
    case 'ImportPaths':
      return importPaths(feed, context)
  }
}

function* nar(feed: Feed, context: ContentContext): Talk<ContentSummary> {
  return { _tag: 'Nar', ...(yield* readNar(feed, context)) }
}

/** What has come of an archive. */
class Tally {
  readonly #hash: Hashing
  #size = 0
  #files = 0
  #executables = 0
  #symlinks = 0
  #directories = 0
  #contents = 0

  constructor(hash: Hashing) {
    this.#hash = hash
  }

  add(bytes: Uint8Array, events: ReadonlyArray<NarEvent>): void {
    this.#hash.update(bytes)
    this.#size += bytes.length
    for (const event of events) {
      switch (event._tag) {
        case 'regular':
          this.#files++
          this.#executables += event.executable ? 1 : 0
          this.#contents += event.size
          break
        case 'symlink':
          this.#symlinks++
          break
        case 'directory':
          this.#directories++
          break
        case 'contents':
        case 'entry':
        case 'directoryEnd':
          break
      }
    }
  }

  summary(): NarSummary {
    return {
      size: this.#size,
      sha256: hexOf(this.#hash.digest()),
      files: this.#files,
      executables: this.#executables,
      symlinks: this.#symlinks,
      directories: this.#directories,
      contents: this.#contents,
    }
  }
}

/** An archive. Where it breaks a rule, the feed stands at the primitive that does. */
function* readNar(feed: Feed, { narLimits, sha256 }: ContentContext): Talk<NarSummary> {
  const found: Array<Issue> = []
  const onIssue = (issue: Issue): void => void found.push(issue)
  const parser = new NarParser({ offset: feed.offset, limits: narLimits, onIssue })
  const tally = new Tally(sha256())
  try {
    while (yield* feed.any()) {
      const bytes = feed.view
      const step = parser.push(bytes)
      if (step._tag === 'failed') {
        yield* notesOf(feed, found)
        feed.rewind(step.issue.offset)
        throw new Break(feed, step.issue)
      }
      const used = step._tag === 'end' ? bytes.length - step.rest.length : bytes.length
      tally.add(bytes.subarray(0, used), step.events)
      feed.skip(used)
      yield* notesOf(feed, found)
      if (step._tag === 'end') {
        return tally.summary()
      }
      // What the parser holds of a primitive may turn out to be no archive, and is then looked at.
      feed.keepFrom(parser.offset)
    }
    throw new Break(feed, cut(parser))
  } finally {
    feed.release()
  }
}

function* notesOf(feed: Feed, found: Array<Issue>): Talk<void> {
  for (const issue of found.splice(0)) {
    yield noteOf(feed, issue)
  }
}

const cut = (parser: NarParser): Issue => {
  const issue = parser.finish()
  if (issue === null) {
    throw new Error('an archive that is over goes on')
  }
  return issue
}

function* file(feed: Feed, { sha256 }: ContentContext): Talk<ContentSummary> {
  const hash = sha256()
  let size = 0
  for (let bytes = yield* feed.some(Infinity); bytes.length > 0; bytes = yield* feed.some(Infinity)) {
    hash.update(bytes)
    size += bytes.length
  }
  return { _tag: 'File', size, sha256: hexOf(hash.digest()) }
}

const headSize = 4096

function* log(feed: Feed): Talk<ContentSummary> {
  const head = new Uint8Array(headSize)
  let size = 0
  let lines = 0
  let last = 0x0a
  for (let bytes = yield* feed.some(Infinity); bytes.length > 0; bytes = yield* feed.some(Infinity)) {
    if (size < headSize) {
      head.set(bytes.subarray(0, headSize - size), size)
    }
    size += bytes.length
    for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
      lines++
    }
    last = bytes[bytes.length - 1]!
  }
  const text = decodeEscaped(head.subarray(0, Math.min(size, headSize)))
  return { _tag: 'Log', size, lines: lines + (last === 0x0a ? 0 : 1), head: text }
}

/** As many items as are kept, and how many there were besides. */
class Kept<A> {
  readonly items: Array<A> = []
  omitted = 0
  readonly #context: ContentContext
  #bytes = 0

  constructor(context: ContentContext) {
    this.#context = context
  }

  /** An item that took so many bytes, without its archive. */
  add(item: A, bytes: number): void {
    if (this.items.length < this.#context.keep && this.#bytes + bytes <= this.#context.keepBytes) {
      this.items.push(item)
      this.#bytes += bytes
    } else {
      this.omitted++
    }
  }
}

function* addMultiple(feed: Feed, context: ContentContext): Talk<ContentSummary> {
  const count = yield* context.value(feed, Size)
  const paths = new Kept<AddedPath>(context)
  for (let index = 0; index < count; index++) {
    const { offset } = feed
    const { info, provenance } = yield* beneath([index, 'info'], context.value(feed, AddedPathInfo))
    const start = feed.offset
    const nar = yield* beneath([index, 'nar'], readNar(feed, context))
    const { narSize } = info.info
    if (narSize !== BigInt(nar.size)) {
      yield noteOf(feed, {
        _tag: 'InvalidValue',
        offset: start,
        path: [index, 'info', 'narSize'],
        expected: narSizeRule(narSize),
        actual: `${nar.size} bytes`,
        grammar: 'AddMultipleToStore',
      })
    }
    paths.add({ info, provenance, nar }, start - offset)
  }
  return { _tag: 'AddMultipleToStore', paths: paths.items, omitted: paths.omitted }
}

function* exportedPath(feed: Feed, context: ContentContext): Talk<ExportedPath> {
  const nar = yield* beneath(['nar'], readNar(feed, context))
  return { info: yield* context.value(feed, ExportInfo), nar }
}

function* exportPath(feed: Feed, context: ContentContext): Talk<ContentSummary> {
  return { _tag: 'ExportPath', path: yield* exportedPath(feed, context) }
}

function* importPaths(feed: Feed, context: ContentContext): Talk<ContentSummary> {
  const paths = new Kept<ExportedPath>(context)
  for (let index = 0; ; index++) {
    const { offset } = feed
    const mark = yield* context.value(feed, u64)
    if (mark === 0n) {
      return { _tag: 'ImportPaths', paths: paths.items, omitted: paths.omitted }
    }
    if (mark !== 1n) {
      throw new Break(feed, {
        _tag: 'UnknownTag',
        offset,
        path: [index],
        expected: '1 (one more path) or 0 (the end)',
        actual: String(mark),
        grammar: 'ImportPaths',
      })
    }
    const path = yield* beneath([index], exportedPath(feed, context))
    paths.add(path, feed.offset - offset - path.nar.size)
  }
}
