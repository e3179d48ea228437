import { isNone, isSome, type Option } from 'fp-ts/lib/Option.js'
import { closureOrder } from '../../daemon/served-store/closure-order.js'
import type { UnkeyedValidPathInfo } from '../../grammar/path-info.js'
import type { StorePath } from '../../types/index.js'
import { errorColours, colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import { withLines } from '../lines.js'
import { type ListOptions, list } from '../nar/ls.js'
import { showName } from '../nar/show.js'
import { infoJson, infoText } from '../path-info.js'
import { sayToTerminal, write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { storeNode, storePaths } from './given-paths.js'
import { inTurn } from './in-turn.js'
import { ask, type Daemon, type StoreOptions, withDaemon } from './session.js'

export const ping = (options: StoreOptions): Promise<void> =>
  withDaemon(options, async ({ protocol, daemon }, where) => {
    const told = {
      daemon: where,
      protocol: protocol.version,
      features: protocol.features,
      daemonProtocol: daemon.version,
      nixVersion: isSome(daemon.nixVersion) ? daemon.nixVersion.value : null,
      trusted: isSome(daemon.trust) ? daemon.trust.value === 'Trusted' : null,
    }
    if (options.json === true) {
      await write(`${jsonText(told)}\n`)
      return
    }
    const trust = told.trusted === null ? 'does not say' : told.trusted ? 'yes' : 'no'
    const features = told.features.length === 0 ? '' : ` with ${told.features.join(', ')}`
    await write(
      `${pc.bold('daemon')}    ${showName(where)}\n` +
        `${pc.bold('nix')}       ${showName(told.nixVersion ?? 'does not say')}\n` +
        `${pc.bold('protocol')}  ${told.protocol}${features} (the daemon has ${told.daemonProtocol})\n` +
        `${pc.bold('trusts us')} ${trust}\n`,
    )
  })

/** @throws Failure for a path that is not valid. */
const validInfo = (path: StorePath, info: Option<UnkeyedValidPathInfo>): UnkeyedValidPathInfo => {
  if (isNone(info)) {
    throw new Failure(1, `${path} is not valid`)
  }
  return info.value
}

export const infoOf = async (daemon: Daemon, path: StorePath): Promise<UnkeyedValidPathInfo> =>
  validInfo(path, await ask(daemon.queryPathInfo({ path })))

/** Calls `take` with the infos of paths, in order. */
export const eachInfo = (
  daemon: Daemon,
  paths: ReadonlyArray<StorePath>,
  take: (path: StorePath, info: UnkeyedValidPathInfo) => void | Promise<void>,
): Promise<void> =>
  inTurn(
    paths,
    (path) => daemon.queryPathInfo({ path }),
    (path, info) => take(path, validInfo(path, info)),
  )

export const pathInfo = (given: ReadonlyArray<string>, options: StoreOptions): Promise<void> => {
  const paths = storePaths(given, options)
  return withDaemon(options, (daemon) =>
    withLines((print) => {
      const shown = options.json === true ? infoJson(daemon.protocol) : infoText
      return eachInfo(daemon, paths, (path, info) => print(shown(path, info)))
    }),
  )
}

/** Prints the valid ones; exit code 1 means that not all are. */
export const valid = (given: ReadonlyArray<string>, options: StoreOptions): Promise<void> => {
  const paths = storePaths(given, options)
  return withDaemon(options, async (daemon) => {
    let missing = 0
    await withLines((print) =>
      inTurn(
        paths,
        (path) => daemon.isValidPath({ path }),
        (path, isValid) => {
          missing += isValid ? 0 : 1
          if (options.json === true) {
            return print(`${jsonText({ path, valid: isValid })}\n`)
          }
          return isValid ? print(`${path}\n`) : undefined
        },
      ),
    )
    if (missing > 0) {
      throw new Failure(1, `${missing} of ${paths.length} paths ${missing === 1 ? 'is' : 'are'} not valid`)
    }
  })
}

/** The closure of some paths; each path comes after its references. */
export const closure = (given: ReadonlyArray<string>, options: StoreOptions): Promise<void> => {
  const paths = storePaths(given, options)
  return withDaemon(options, async (daemon) => {
    const infos = await reachable(daemon, paths)
    const json = infoJson(daemon.protocol)
    await withLines(async (print) => {
      for (const path of inOrder(infos, paths)) {
        const printed = print(options.json === true ? json(path, infos.get(path)!) : `${path}\n`)
        if (printed instanceof Promise) {
          await printed
        }
      }
    })
    const size = [...infos.values()].reduce((sum, { narSize }) => sum + narSize, 0n)
    sayToTerminal(errorColours.dim(`${infos.size} paths, ${size} bytes`))
  })
}

export type Infos = ReadonlyMap<StorePath, UnkeyedValidPathInfo>

/** Queries the given paths first, then their references, and so on. */
export const reachable = async (daemon: Daemon, paths: ReadonlyArray<StorePath>): Promise<Infos> => {
  const infos = new Map<StorePath, UnkeyedValidPathInfo>()
  for (let due = new Set(paths); due.size > 0; ) {
    const next = new Set<StorePath>()
    await eachInfo(daemon, [...due], (path, info) => {
      infos.set(path, info)
      for (const reference of info.references) {
        next.add(reference)
      }
    })
    due = new Set([...next].filter((path) => !infos.has(path)))
  }
  return infos
}

/** References first; references without an info are left out. */
export const inOrder = (infos: Infos, roots: ReadonlyArray<StorePath>): ReadonlyArray<StorePath> =>
  closureOrder(roots, (path) => (infos.get(path)?.references ?? []).filter((each) => infos.has(each)))

/** Lists all paths of the store, or the contents of one. */
export const ls = (given: string | undefined, options: StoreOptions & ListOptions): Promise<void> => {
  const node = given === undefined ? null : storeNode(given, options)
  return withDaemon(options, async (daemon) => {
    if (node === null) {
      const paths = await ask(daemon.queryAllValidPaths())
      const isJson = options.json === true || options.jsonLines === true
      const lines = [...paths].sort().map((each) => (isJson ? jsonText(each) : each))
      await write(lines.map((line) => `${line}\n`).join(''))
      return
    }
    const { path, names } = node
    await infoOf(daemon, path)
    await list(await ask(daemon.narFromPath({ path })), names, options)
  })
}
