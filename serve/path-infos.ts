import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { ServePathInfo } from '../grammar/serve/path-info.js'
import type { StorePath } from '../types/index.js'

/** How the answer to QueryPathInfos is said: a path and its info by turns, and none behind the last. */
export interface PathInfosSaid {
  readonly path: ReadonlyArray<Option<StorePath>>
  readonly info: ReadonlyArray<ServePathInfo>
}

/**
 * The answer to QueryPathInfos as a `Map`, for clients.
 *
 * ```ts
 * import { option as O } from 'fp-ts'
 * import { pathInfosOf } from 'nix-wire/serve'
 *
 * pathInfosOf({ path: [O.none], info: [] }) // => new Map()
 * ```
 */
export const pathInfosOf = ({ path, info }: PathInfosSaid): ReadonlyMap<StorePath, ServePathInfo> =>
  new Map(
    path.filter(isSome).flatMap(({ value }, at) => {
      const its = info[at]
      return its === undefined ? [] : [[value, its] as const]
    }),
  )

/**
 * The same the other way, for servers.
 *
 * ```ts
 * import { option as O } from 'fp-ts'
 * import { sayPathInfos } from 'nix-wire/serve'
 *
 * sayPathInfos(new Map()) // => { path: [O.none], info: [] }
 * ```
 */
export const sayPathInfos = (infos: ReadonlyMap<StorePath, ServePathInfo>): PathInfosSaid => ({
  path: [...[...infos.keys()].map((path) => some(path)), none],
  info: [...infos.values()],
})
