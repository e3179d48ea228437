import { isLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import type { Side } from '../events.js'
import { CaptureReader } from './capture-reader.js'
import { headerAt, ourData } from './exported-pdu.js'
import type { PacketHeader } from './header.js'
import { linkTypes, type Packet } from './packet.js'
import { mostClients, SockdumpSorter } from './sockdump.js'
import type { Ending, RecordedStep, RecordingIssue } from './step.js'

const endings: { readonly [E in PacketHeader['event']]: Ending | null } = {
  Bytes: null,
  Ended: 'closed',
  BrokeOff: 'brokeOff',
  Stopped: 'stopped',
}

/**
 * Reads a recording, while its bytes come: a pcapng file of `nix-wire proxy`, or a pcap file of sockdump. It returns
 * the bytes of each side of each connection, with their times.
 *
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { RecordingReader } from 'nix-wire/session'
 *
 * const print = (path: string) => {
 *   const reader = new RecordingReader()
 *   for (const step of [...reader.push(readFileSync(path)), ...reader.end()]) {
 *     console.log(step.kind)
 *   }
 * }
 * ```
 *
 * The file may be untrusted: no length in it allocates memory, and only the current block is buffered. Packets of
 * other protocols are skipped. After an issue nothing more is read; an `UnexpectedEnd` at the end means that the file
 * is still being written, or that its writer was killed.
 */
export class RecordingReader {
  /** The number of packets that belong to no connection: of another protocol, or before the start of a connection. */
  skipped = 0
  readonly #capture = new CaptureReader()
  readonly #sorter = new SockdumpSorter()
  /** The connections of our own packets, by their interface. */
  readonly #connections = new Map<number, number>()
  /** How many bytes of each side there were. */
  readonly #said = new Map<number, { [S in Side]: number }>()
  #issue: Issue | null = null
  #told = false

  /** Takes bytes of the file and returns the steps in them. The `bytes` of a step are valid until the next call. */
  push(bytes: Uint8Array): ReadonlyArray<RecordedStep | RecordingIssue> {
    const steps: Array<RecordedStep | RecordingIssue> = []
    for (const packet of this.#issue === null ? this.#capture.push(bytes) : []) {
      if (this.#issue === null) {
        this.#take(packet, steps)
      }
    }
    return this.#withIssue(steps, this.#issue ?? this.#capture.issue)
  }

  /** Ends the file. */
  end(): ReadonlyArray<RecordingIssue> {
    const steps: Array<RecordingIssue> = []
    this.#withIssue(steps, this.#issue ?? this.#capture.end())
    return steps
  }

  #withIssue<A>(steps: Array<A | RecordingIssue>, issue: Issue | null): Array<A | RecordingIssue> {
    if (issue !== null && !this.#told) {
      this.#told = true
      steps.push({ kind: 'issue', issue })
    }
    return steps
  }

  #take(packet: Packet, steps: Array<RecordedStep | RecordingIssue>): void {
    if (packet.linkType === linkTypes.user0) {
      this.#takeSockdump(packet, steps)
      return
    }
    const start = packet.linkType === linkTypes.upperPdu ? ourData(packet.data) : null
    if (start === null) {
      this.skipped++
    } else {
      this.#takeOurs(packet, start, steps)
    }
  }

  #takeOurs(packet: Packet, start: number, steps: Array<RecordedStep | RecordingIssue>): void {
    const read = headerAt(packet.data, start)
    if (isLeft(read)) {
      this.#issue = { ...read.left, offset: packet.offset + read.left.offset }
      return
    }
    const { value: header, next } = read.right
    const connection = this.#connections.get(packet.interface) ?? this.#connections.size
    this.#connections.set(packet.interface, connection)
    const { side, offset } = header
    const said = this.#saidOf(connection)
    if (offset < said[side]) {
      this.#issue = {
        _tag: 'InvalidValue',
        offset: packet.offset + start,
        path: ['offset'],
        expected: `byte ${said[side]} of what the ${side} sent, or a later one`,
        actual: String(offset),
        grammar: 'PacketHeader',
      }
      return
    }
    const moment = { connection, side, at: packet.at }
    if (offset > said[side]) {
      steps.push({ kind: 'gap', ...moment, missing: offset - said[side], offset: said[side] })
      said[side] = offset
    }
    const how = endings[header.event]
    if (how === null) {
      this.#bytes(moment, packet.data.subarray(next), packet.length - packet.data.length, steps)
    } else {
      steps.push({ kind: 'end', ...moment, how })
    }
  }

  #takeSockdump(packet: Packet, steps: Array<RecordedStep | RecordingIssue>): void {
    if (this.#sorter.full) {
      this.#issue = {
        _tag: 'LimitExceeded',
        offset: packet.offset,
        path: [],
        expected: `at most ${mostClients} clients`,
        actual: 'one more',
        grammar: 'capture',
        limit: 'collection',
        maximum: mostClients,
      }
      return
    }
    const heard = this.#sorter.sort(packet)
    if (heard === null) {
      this.skipped++
      return
    }
    const { connection, side, before } = heard
    if (before !== null) {
      for (const ending of ['client', 'server'] as const) {
        steps.push({ kind: 'end', connection: before, side: ending, at: packet.at, how: 'stopped' })
      }
      this.#said.delete(before)
    }
    this.#bytes({ connection, side, at: packet.at }, heard.bytes, packet.length - packet.data.length, steps)
  }

  #bytes(
    moment: Pick<RecordedStep, 'connection' | 'side' | 'at'>,
    bytes: Uint8Array,
    missing: number,
    steps: Array<RecordedStep | RecordingIssue>,
  ): void {
    const said = this.#saidOf(moment.connection)
    const { side } = moment
    if (bytes.length > 0) {
      steps.push({ kind: 'bytes', ...moment, bytes })
      said[side] += bytes.length
    }
    if (missing > 0) {
      steps.push({ kind: 'gap', ...moment, missing, offset: said[side] })
      said[side] += missing
    }
  }

  #saidOf(connection: number): { [S in Side]: number } {
    const said = this.#said.get(connection) ?? { client: 0, server: 0 }
    this.#said.set(connection, said)
    return said
  }
}
