import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A value that Wireshark shows in a packet. */
export interface ShownValue {
  /** Its filter. */
  readonly filter: string
  readonly text: string
}

/** What Wireshark shows of a packet for our dissector. */
export interface ShownPacket {
  /** In order, without those of the packet itself. */
  readonly values: ReadonlyArray<ShownValue>
  /** Issues and missing parts, in words. */
  readonly notes: ReadonlyArray<string>
}

const line = /^\s*("(?:[^"\\]|\\.)*"): ("(?:[^"\\]|\\.)*"|\{),?$/

const quotedText = (json: string): string => JSON.parse(json) as string

/**
 * A key may occur several times in an object, which JSON parsers do not keep; each value is on a line of its own.
 */
const packetOf = (text: string): ShownPacket => {
  const values: Array<ShownValue> = []
  const notes: Array<string> = []
  for (const each of text.split('\n')) {
    const [, key, value] = line.exec(each) ?? []
    if (key === undefined || value === undefined) {
      continue
    }
    const filter = quotedText(key)
    // A value with only parts is an object; for a value that also has parts, another object follows.
    if (value === '{') {
      if (filter.startsWith('nix.') && !filter.endsWith('_tree')) {
        values.push({ filter: filter.slice('nix.'.length), text: '' })
      }
      continue
    }
    if (filter === '_ws.expert.message') {
      notes.push(quotedText(value))
    } else if (filter.startsWith('nix.') && !/^nix\.(malformed|unfinished)$/.test(filter)) {
      values.push({ filter: filter.slice('nix.'.length), text: quotedText(value) })
    }
  }
  return { values, notes }
}

/**
 * All packets of a recording, as a dissector shows them. Wireshark runs no scripts as root, so it then runs as the user
 * nobody.
 */
export const tsharkPackets = (
  recording: Uint8Array,
  script: string,
  ...options: ReadonlyArray<string>
): ReadonlyArray<ShownPacket> => {
  const shown = runTshark(recording, script, ['-T', 'json', ...options])
  return shown.split('\n    "_index": ').slice(1).map(packetOf)
}

/** The output of tshark. */
const runTshark = (recording: Uint8Array, script: string, options: ReadonlyArray<string>): string => {
  const dir = mkdtempSync(join(tmpdir(), 'nix-wire-tshark-'))
  try {
    chmodSync(dir, 0o777)
    writeFileSync(join(dir, 'a.pcapng'), recording)
    writeFileSync(join(dir, 'nix.lua'), script)
    const args = ['-X', `lua_script:${join(dir, 'nix.lua')}`, '-r', join(dir, 'a.pcapng'), ...options]
    const isRoot = process.getuid?.() === 0
    return execFileSync(
      isRoot ? 'setpriv' : 'tshark',
      isRoot ? ['--reuid=65534', '--regid=65534', '--clear-groups', 'tshark', ...args] : args,
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 2 ** 29,
        env: { ...process.env, HOME: dir, XDG_CONFIG_HOME: dir, LC_ALL: 'C.UTF-8' },
      },
    )
  } finally {
    rmSync(dir, { recursive: true })
  }
}
