import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { messageOf } from '../combinators/show.js'
import type { Change, Editable } from './engine/editing.js'
import type { StreamIndex } from './engine/item.js'
import type { ItemPath } from './engine/outline.js'
import type { Source } from './input/source.js'
import type { Inspection } from './use-inspection.js'

/** What is being edited: a row of the last valid message. */
interface Base {
  readonly bytes: Uint8Array
  readonly path: ItemPath
  readonly editable: Editable | null
  /** Why its fields cannot be edited. */
  readonly problem: string | null
}

const edited = ' (edited)'

const withBytes = (source: Source, stream: StreamIndex, bytes: Uint8Array): Source => {
  const name = source.name.endsWith(edited) ? source.name : `${source.name}${edited}`
  switch (source.kind) {
    case 'nothing':
      return source
    case 'message':
      return { ...source, name, raw: bytes, form: 'bytes' }
    case 'session':
      return { ...source, name, capture: null, [stream === 0 ? 'client' : 'server']: bytes }
  }
}

/**
 * Changes bytes and fields, and shows the result at once. The first change of an input adds a step to the history,
 * which later changes replace.
 */
export const useEditing = (it: Inspection, isOpen: boolean, enter: () => void) => {
  const [base, setBase] = useState<Base | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  /** The edited message, and the one it was made from. */
  const made = useRef<{ readonly source: Source; readonly before: Source } | null>(null)
  const latest = useRef(0)
  const { source, input, settings, selected, cursor } = it
  const bytes = input._tag === 'Input' && input.input.kind === 'message' ? input.input.bytes : null
  const isMade = made.current?.source === source
  const path = selected?.path ?? null

  useLayoutEffect(() => {
    if (!isOpen || bytes === null || path === null) {
      return
    }
    const mine = ++latest.current
    const show = (editable: Editable | null, why: string | null): void => {
      // After an edit made the message unreadable, the earlier message stays editable.
      if (mine === latest.current && !(isMade && editable === null)) {
        setBase({ bytes, path, editable, problem: why })
        setProblem(null)
      }
    }
    it.editable(bytes, path).then(
      (found) => ('problem' in found ? show(null, found.problem) : show(found, null)),
      (error: unknown) => show(null, messageOf(error)),
    )
  }, [isOpen, bytes, path?.join('.'), settings])

  const put = (stream: StreamIndex, changed: Uint8Array): void => {
    const next = withBytes(source, stream, changed)
    if (!isMade) {
      enter()
    }
    made.current = { source: next, before: isMade ? (made.current?.before ?? source) : source }
    setProblem(null)
    it.replace(next, base?.path ?? null)
  }

  return {
    base: bytes === null ? null : base,
    problem,
    /** Changes a byte of the input. */
    putByte: (value: number): void => {
      if (cursor !== null && input._tag === 'Input') {
        const from =
          input.input.kind === 'message'
            ? input.input.bytes
            : cursor.stream === 0
              ? input.input.client
              : input.input.server
        const changed = from.slice()
        changed[cursor.offset] = value
        put(cursor.stream, changed)
      }
    },
    /** Changes a field of the last valid message, or breaks a rule in it. */
    change: async (change: Change): Promise<void> => {
      if (base === null) {
        return
      }
      const isNewest = it.begin()
      const result = await it.edited(base.bytes, base.path, change)
      // A row that was clicked meanwhile stays the selected one.
      await it.current.current.answered
      if (isNewest()) {
        if (result._tag === 'Refused') {
          setProblem(result.problem)
        } else {
          put(0, result.bytes)
        }
      }
    },
    undo: isMade
      ? (): void => {
          const before = made.current?.before ?? source
          made.current = null
          setProblem(null)
          it.follow({ source: before, settings, selected: base?.path ?? path, cursor })
        }
      : null,
  }
}
