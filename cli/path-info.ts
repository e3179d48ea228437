import { isSome } from 'fp-ts/lib/Option.js'
import type { Protocol } from '../combinators/protocol.js'
import { UnkeyedValidPathInfo } from '../grammar/path-info.js'
import { type Json, toJson } from '../interpreters/json/index.js'
import type { StorePath } from '../types/index.js'
import { colours as pc } from './colours.js'
import { Failure } from './failure.js'
import { jsonText, visible } from './visible.js'

/** What is known of a path, as one line of JSON. */
export const infoJson = (protocol: Protocol, path: StorePath, info: UnkeyedValidPathInfo): string => {
  const json = toJson(UnkeyedValidPathInfo, protocol, info)
  if (json._tag === 'Left') {
    throw new Failure(1, `the info of ${path} has no JSON form`)
  }
  const fields = json.right as { readonly [key: string]: Json }
  return `${jsonText({ path, ...fields })}\n`
}

// The last second that a Date has.
const lastSecond = 8_640_000_000_000n

const dateOf = (seconds: bigint): string =>
  seconds <= lastSecond ? new Date(Number(seconds) * 1000).toISOString() : `${seconds} s after 1970`

/** What is known of a path, for people. */
export const infoText = (path: StorePath, info: UnkeyedValidPathInfo): string => {
  const rows = [
    ['NAR', `${info.narSize} bytes, sha256:${info.narHash}`],
    ...(isSome(info.deriver) ? [['built from', info.deriver.value]] : []),
    ...(info.registrationTime > 0n ? [['since', dateOf(info.registrationTime)]] : []),
    ...info.references.map((reference) => ['refers to', reference]),
    ...info.signatures.map((signature) => ['signed by', signature]),
  ] as const
  return `${pc.bold(path)}\n${rows.map(([name = '', value]) => `  ${pc.dim(name.padEnd(10))} ${visible(value)}\n`).join('')}`
}
