import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { ServePathInfo } from '../grammar/serve/path-info.js'
import type { StorePath } from '../types/index.js'

/** The reply to QueryPathInfos as messages: a path and its info, repeated, then none as the last path. */
export interface PathInfosSaid {
  readonly path: ReadonlyArray<Option<StorePath>>
  readonly info: ReadonlyArray<ServePathInfo>
}

/**
 * The reply to QueryPathInfos as a `Map`, for clients.
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
 * A `Map` as the reply to QueryPathInfos, for servers.
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
