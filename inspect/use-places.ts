import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { messageOf } from '../combinators/show.js'
import type { GivenModule } from './components/module-dialog.js'
import type { Places } from './input/places.js'
import { firstSample, isLinked, type Linked } from './linked.js'
import type { Inspection } from './use-inspection.js'

interface Given {
  readonly places: Places
  /** The modules given to the command. */
  readonly modules: () => Promise<ReadonlyArray<GivenModule>>
  readonly linked: () => Promise<Linked>
  readonly onNote: (note: string | null) => void
}

/**
 * Keeps the address, the history of the tab and the input the same. Says whether the input of the address or the
 * history is still awaited.
 */
export const usePlaces = (it: Inspection, { places, modules, linked, onNote }: Given): boolean => {
  const [isFollowing, setFollowing] = useState(isLinked() || places.here() !== null)
  const latest = useRef(0)

  /** Shows the input of this entry of the history, or that of the address. */
  const follow = async (isNewest = it.begin()): Promise<void> => {
    const mine = ++latest.current
    setFollowing(true)
    try {
      const place = places.here()
      const { wanted, problem } =
        place?.source != null
          ? { wanted: { ...place, source: place.source }, problem: null }
          : isLinked()
            ? await linked()
            : { wanted: firstSample(), problem: null }
      if (isNewest()) {
        if (place?.source == null) {
          places.ofAddress(wanted.source)
        }
        it.follow(place === null ? wanted : { ...place, source: wanted.source })
        onNote(problem)
      }
    } catch (error) {
      if (isNewest()) {
        onNote(messageOf(error))
      }
    }
    if (mine === latest.current) {
      setFollowing(false)
    }
  }

  /** Loads the modules first, since the input may need them. */
  const begin = async (): Promise<void> => {
    const isNewest = it.begin()
    try {
      for (const { name, source } of await modules()) {
        const problem = await it.addModule(name, source)
        if (problem !== null) {
          onNote(problem)
        }
      }
    } catch (error) {
      onNote(messageOf(error))
    }
    if (isFollowing) {
      await follow(isNewest)
    }
  }

  useLayoutEffect(() => {
    places.ofAddress(it.source)
    begin()
    const listening = new AbortController()
    const { signal } = listening
    // Steps through the history, and changes of the address by the user.
    addEventListener('popstate', () => follow(), { signal })
    addEventListener('pagehide', () => places.keep(), { signal })
    addEventListener(
      'beforeunload',
      (event) => {
        if (!places.keep()) {
          event.preventDefault()
        }
      },
      { signal },
    )
    return () => listening.abort()
  }, [])

  const { source, settings, selected, wanted } = it
  useLayoutEffect(() => {
    if (!isFollowing) {
      places.note({ source, settings, selected: selected?.path ?? wanted })
    }
  }, [source, settings, selected, isFollowing])

  return isFollowing
}
