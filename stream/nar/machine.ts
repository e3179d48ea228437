import { paddedSize } from '../../bytes/padding.js'
import { Contents, refuseCut } from './contents.js'
import type { NarEvent } from './events.js'
import { readFileEntry } from './file-entry.js'
import type { NarInput } from './input.js'
import { Marker } from './marker.js'
import type { NarLeniency, NarLimits } from './options.js'
import { refuseWord, skipWords, wordAt } from './primitives.js'
import { quote, refuse } from './refusal.js'
import {
  close,
  closeClose,
  contents,
  entryOpenName,
  executableContents,
  magic,
  nameWord,
  nodeOpenType,
  nodeWord,
  open,
  openType,
  regularContents,
  State,
  target,
  type,
} from './states.js'
import { readName, readTarget } from './texts.js'
import type { Words } from './words.js'

const directoryEvent: NarEvent = Object.freeze({ _tag: 'directory' })
const directoryEndEvent: NarEvent = Object.freeze({ _tag: 'directoryEnd' })

/** The form of a NAR: reads the next part from its input, and emits it as events. Issues are thrown. */
export class NarMachine {
  events: Array<NarEvent> = []
  /** The names above the current node. */
  readonly path: Array<string> = []

  readonly #input: NarInput
  readonly #limits: NarLimits
  readonly #lenient: NarLeniency
  #state = State.Magic
  /** For each open directory its last name; undefined before the first. */
  readonly #last: Array<string | undefined> = []
  readonly #marker: Marker
  readonly #contents = new Contents()

  constructor(input: NarInput, limits: NarLimits, lenient: NarLeniency) {
    this.#input = input
    this.#limits = limits
    this.#lenient = lenient
    this.#marker = new Marker(lenient)
  }

  get ended(): boolean {
    return this.#state === State.End
  }

  /** Reads until bytes are missing (false) or the archive is over (true). */
  readonly step = (): boolean => {
    while (this.#next()) {
      if (this.#state === State.End) {
        return true
      }
    }
    return false
  }

  /** Reads the next part; false if bytes are missing. */
  #next(): boolean {
    switch (this.#state) {
      case State.Magic:
        return this.#expect(magic, 'nix-archive-1', 'the magic of a NAR', State.Open)
      case State.Open:
        return this.#have(openType, State.Kind) || this.#expect(open, '(', 'a node begins', State.Type)
      case State.Type:
        return this.#expect(type, 'type', 'the first field of a node', State.Kind)
      case State.Kind:
        return this.#kind()
      case State.Marker:
        return this.#go(this.#marker.field(this.#input, this.events))
      case State.MarkerValue:
        return this.#go(this.#marker.value(this.#input))
      case State.ContentsWord:
        return this.#expect(contents, 'contents', 'the field after the executable marker', State.Length)
      case State.Length:
        return this.#length()
      case State.Contents:
        return this.#contents.bytes(this.#input, this.events) && this.#to(State.Padding)
      case State.Padding:
        return (
          this.#contents.padding(this.#input, this.#lenient.uncheckedPadding === true) &&
          this.#to(State.Close)
        )
      case State.TargetWord:
        return this.#expect(target, 'target', 'the field of a symbolic link', State.Target)
      case State.Target:
        return this.#target()
      case State.EntryOrClose:
        this.#fileEntries()
        return this.#have(entryOpenName, State.Name) || this.#entryOrClose()
      case State.EntryOpen:
        return this.#expect(open, '(', 'an entry begins', State.NameWord)
      case State.NameWord:
        return this.#expect(nameWord, 'name', 'the first field of an entry', State.Name)
      case State.Name:
        return this.#name()
      case State.NodeWord:
        return (
          this.#have(nodeOpenType, State.Kind) ||
          this.#expect(nodeWord, 'node', 'the field after the name', State.Open)
        )
      case State.Close:
        return this.#close()
      case State.EntryClose:
        return this.#entryClose()
      case State.End:
        return false
    }
  }

  #have(words: Words, state: State): boolean {
    const found = skipWords(this.#input, words)
    if (found) {
      this.#state = state
    }
    return found
  }

  #expect(words: Words, word: string, why: string, state: State): boolean {
    if (this.#have(words, state)) {
      return true
    }
    const found = wordAt(this.#input)
    // The expected word, with wrong padding that was reported.
    if (found === word) {
      return this.#skip(word, state)
    }
    return found !== null && refuseWord(this.#input, 'UnexpectedValue', `${quote(word)} (${why})`, [word])
  }

  #kind(): boolean {
    const { depth } = this.#limits
    if (this.path.length >= depth) {
      const expected = `at most ${depth - 1} directories above a node`
      const actual = `${this.path.length} directories`
      refuse({
        tag: 'LimitExceeded',
        offset: this.#input.offset,
        expected,
        actual,
        limit: 'depth',
        maximum: depth,
      })
    }
    if (this.#have(regularContents, State.Length)) {
      this.#marker.executable = false
      return true
    }
    if (this.#have(executableContents, State.Length)) {
      this.#marker.executable = true
      return true
    }
    const word = wordAt(this.#input)
    switch (word) {
      case null:
        return false
      case 'regular':
        this.#marker.executable = false
        return this.#skip(word, State.Marker)
      case 'symlink':
        return this.#skip(word, State.TargetWord)
      case 'directory':
        this.#last.push(undefined)
        this.events.push(directoryEvent)
        return this.#skip(word, State.EntryOrClose)
      default:
        return refuseWord(
          this.#input,
          'UnknownTag',
          'the type of a node: "regular", "symlink" or "directory"',
          ['regular', 'symlink', 'directory'],
        )
    }
  }

  /** Skips a word that was checked. */
  #skip(word: string, state: State): true {
    this.#input.pos += paddedSize(word.length)
    this.#state = state
    return true
  }

  #length(): boolean {
    if (!this.#contents.length(this.#input)) {
      return false
    }
    const { size } = this.#contents
    this.events.push({ _tag: 'regular', executable: this.#marker.executable, size })
    return this.#to(size === 0 ? State.Close : State.Contents)
  }

  #target(): boolean {
    const target = readTarget(this.#input, this.#limits, this.#lenient)
    if (target === null) {
      return false
    }
    this.events.push({ _tag: 'symlink', target })
    return this.#to(State.Close)
  }

  /** Reads simple entries in one step each, as many as follow. */
  #fileEntries(): void {
    const depth = this.#last.length - 1
    if (this.path.length + 1 < this.#limits.depth) {
      let last = this.#last[depth]
      let name = readFileEntry(this.#input, this.#limits.name, last, this.events)
      for (; name !== null; name = readFileEntry(this.#input, this.#limits.name, last, this.events)) {
        last = name
      }
      this.#last[depth] = last
    }
  }

  #entryOrClose(): boolean {
    const word = wordAt(this.#input)
    switch (word) {
      case null:
        return false
      case 'entry':
        return this.#skip(word, State.EntryOpen)
      case ')':
        this.events.push(directoryEndEvent)
        this.#last.pop()
        return this.#skip(word, this.#afterNode())
      default:
        return refuseWord(this.#input, 'UnknownTag', '"entry" (one more) or ")" (the directory ends)', [
          'entry',
          ')',
        ])
    }
  }

  #name(): boolean {
    const depth = this.#last.length - 1
    const name = readName(this.#input, this.#limits, this.#lenient, this.#last[depth])
    if (name === null) {
      return false
    }
    this.#last[depth] = name
    this.path.push(name)
    this.events.push({ _tag: 'entry', name })
    return this.#to(State.NodeWord)
  }

  #close(): boolean {
    if (this.path.length > 0 && this.#have(closeClose, State.EntryOrClose)) {
      this.path.pop()
      return true
    }
    return this.#expect(close, ')', 'the node ends', this.#afterNode())
  }

  #entryClose(): boolean {
    if (!this.#expect(close, ')', 'the entry ends', State.EntryOrClose)) {
      return false
    }
    this.path.pop()
    return true
  }

  #afterNode(): State {
    return this.path.length === 0 ? State.End : State.EntryClose
  }

  #go(state: State | null): boolean {
    return state !== null && this.#to(state)
  }

  #to(state: State): true {
    this.#state = state
    return true
  }

  /** The earliest offset of an issue from here on. */
  get issuesFrom(): number {
    return this.#isInContents ? this.#contents.start : this.#input.offset
  }

  get #isInContents(): boolean {
    return this.#state === State.Contents || this.#state === State.Padding
  }

  /** The archive is cut: names the primitive that lacks bytes. */
  refuseEnd(): never {
    if (this.#isInContents) {
      return this.#contents.refuseEnd()
    }
    const { offset, need, unread } = this.#input
    return refuseCut(offset, need, need - unread, 'the archive goes on')
  }
}
