import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { Failure } from '../failure.js'
import { cannotRead } from '../files.js'
import { apart } from '../is-terminal.js'
import { showName } from '../nar/show.js'

/** One recording: a file of packets, or a file for each side. */
export interface Recording {
  readonly name: string
  readonly files: readonly [packets: string] | readonly [client: string, server: string]
}

const clientEnd = '.client.bin'
const serverEnd = '.server.bin'
const packetEnds = ['.pcapng', '.pcap']

const isFile = (path: string): boolean =>
  statSync(treePathOf(path), { throwIfNoEntry: false, ...apart })?.isFile() === true

const isFolder = (path: string): boolean =>
  statSync(treePathOf(path), { throwIfNoEntry: false, ...apart })?.isDirectory() === true

/** The recording with this name, without the extensions of its files. */
const named = (base: string): Recording | null => {
  const name = basename(base)
  const packets = packetEnds.map((end) => `${base}${end}`).find(isFile)
  if (packets !== undefined) {
    return { name, files: [packets] }
  }
  const [client, server] = [`${base}${clientEnd}`, `${base}${serverEnd}`]
  return isFile(client) && isFile(server) ? { name, files: [client, server] } : null
}

/** All recordings in a folder, by name. */
const inFolder = (folder: string): ReadonlyArray<Recording> => {
  const names = readNames(folder)
  const bases = new Set(
    names.flatMap((name) =>
      [...packetEnds, clientEnd].flatMap((end) => (name.endsWith(end) ? [name.slice(0, -end.length)] : [])),
    ),
  )
  return [...bases].sort().flatMap((base) => named(join(folder, base)) ?? [])
}

const readNames = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(treePathOf(folder))
  } catch (error) {
    throw cannotRead(folder, error)
  }
}

const timeOf = ({ files }: Recording): bigint => statSync(treePathOf(files[0]), apart).mtimeNs

export const newestOf = (recordings: readonly [Recording, ...ReadonlyArray<Recording>]): Recording =>
  recordings.reduce((newest, each) => (timeOf(each) >= timeOf(newest) ? each : newest))

/**
 * The recordings for a word of the command line: a file, a name without the extensions of its files, or a folder, for
 * all its recordings.
 *
 * @throws Failure for a folder without any.
 */
export const recordingsAt = (given: string): readonly [Recording, ...ReadonlyArray<Recording>] => {
  if (isFolder(given)) {
    const [first, ...more] = inFolder(given)
    if (first === undefined) {
      throw new Failure(
        2,
        `there is no recording in ${showName(given)}: none of its files is *.pcapng or *.pcap, and there is no pair of NAME${clientEnd} and NAME${serverEnd}`,
      )
    }
    return [first, ...more]
  }
  const pair = given.endsWith(clientEnd) ? named(given.slice(0, -clientEnd.length)) : null
  const found = isFile(given) ? (pair?.files.length === 2 ? pair : null) : named(given)
  return [found ?? { name: basename(given), files: [given] }]
}
