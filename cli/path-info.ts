import { isLeft } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import type { Protocol } from '../combinators/protocol.js'
import { UnkeyedValidPathInfo } from '../grammar/path-info.js'
import type { Json } from '../interpreters/json/index.js'
import { jsonOf } from '../interpreters/json/to-json.js'
import type { StorePath } from '../types/index.js'
import { colours as pc } from './colours.js'
import { Failure } from './failure.js'
import { jsonText, visible } from './visible.js'

/** How to print a path info. */
export type ShowInfo = (path: StorePath, info: UnkeyedValidPathInfo) => string

/** A path info as one line of JSON. */
export const infoJson = (protocol: Protocol): ShowInfo => {
  const json = jsonOf(UnkeyedValidPathInfo, protocol)
  return (path, info) => {
    const shown = json(info)
    if (isLeft(shown)) {
      throw new Failure(1, `the info of ${path} has no JSON form`)
    }
    const fields = shown.right as { readonly [key: string]: Json }
    return `${jsonText({ path, ...fields })}\n`
  }
}

// The last second that a Date can hold.
const lastSecond = 8_640_000_000_000n

const dateOf = (seconds: bigint): string =>
  seconds <= lastSecond ? new Date(Number(seconds) * 1000).toISOString() : `${seconds} s after 1970`

/** A path info for people. */
export const infoText: ShowInfo = (path, info) => {
  const rows = [
    ['NAR', `${info.narSize} bytes, sha256:${info.narHash}`],
    ...(isSome(info.deriver) ? [['built from', info.deriver.value]] : []),
    ...(info.registrationTime > 0n ? [['since', dateOf(info.registrationTime)]] : []),
    ...info.references.map((reference) => ['refers to', reference]),
    ...info.signatures.map((signature) => ['signed by', signature]),
  ] as const
  return `${pc.bold(path)}\n${rows.map(([name = '', value]) => `  ${pc.dim(name.padEnd(10))} ${visible(value)}\n`).join('')}`
}
