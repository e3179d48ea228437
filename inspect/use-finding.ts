import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Filter, type Filtered, noFilter } from './engine/filter.js'
import type { Found, Query } from './engine/finding.js'

type Wanted = Pick<Query, 'text' | 'how'>

interface Given {
  /** Changes with the input. */
  readonly of: unknown
  readonly find: (query: Wanted & Pick<Query, 'backward'>) => Promise<Found | null>
  readonly stopFinding: () => void
  readonly filter: (filter: Filter) => Promise<Filtered | null>
}

/** The current search and filter. */
export const useFinding = ({ of, find, stopFinding, filter: ask }: Given) => {
  const [wanted, setWanted] = useState<Wanted>({ text: '', how: 'fields' })
  const [filter, setFilter] = useState(noFilter)
  const [filtered, setFiltered] = useState<Filtered | null>(null)
  const [said, setSaid] = useState('')
  const [isFinding, setFinding] = useState(false)

  // A new input shows all its rows; the choice about framing stays.
  useLayoutEffect(() => {
    setFilter(({ framing }) => ({ ...noFilter, framing }))
    setFiltered(null)
    setSaid('')
    setFinding(false)
  }, [of])

  const turn = useRef(0)
  const next = useCallback(
    async (backward: boolean): Promise<void> => {
      const mine = ++turn.current
      setFinding(true)
      setSaid('Looking…')
      const found = await find({ ...wanted, backward })
      if (mine === turn.current) {
        setFinding(false)
        setSaid(found === null ? '' : answerTo(found))
      }
    },
    [find, wanted],
  )

  return {
    wanted,
    filter,
    filtered,
    said,
    isFinding,
    next,
    want: (some: Partial<Wanted>) => setWanted((before) => ({ ...before, ...some })),
    stop: () => {
      turn.current++
      setFinding(false)
      setSaid('Stopped.')
      stopFinding()
    },
    narrow: async (some: Partial<Filter>): Promise<void> => {
      const narrowed = { ...filter, ...some }
      setFilter(narrowed)
      setFiltered(await ask(narrowed))
    },
  }
}

export type Finding = ReturnType<typeof useFinding>

const answerTo = (found: Found): string => {
  switch (found._tag) {
    case 'Found':
      return ''
    case 'Nothing':
      return 'It is nowhere.'
    case 'Stopped':
      return 'Stopped.'
    case 'Unclear':
      return found.problem
  }
}
