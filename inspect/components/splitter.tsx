import { useState } from 'preact/hooks'

interface Props {
  readonly label: string
  /** The direction of the line. */
  readonly line: 'vertical' | 'horizontal'
  /** The share of the first pane in percent; null for as much as it needs. */
  readonly share: number | null
  readonly onShare: (share: number | null) => void
}

const least = 10
const most = 90

/** A movable line between two panes: by the pointer or the arrow keys; a double click or Home resets it. */
export const Splitter = ({ label, line, share, onShare }: Props) => {
  const [isMoving, setMoving] = useState(false)
  const set = (wanted: number): void => onShare(Math.min(most, Math.max(least, wanted)))
  const measured = (splitter: HTMLElement): number => {
    const box = splitter.parentElement?.getBoundingClientRect()
    const own = splitter.getBoundingClientRect()
    return box === undefined
      ? 50
      : line === 'vertical'
        ? (100 * (own.left - box.left)) / box.width
        : (100 * (own.top - box.top)) / box.height
  }
  const back = line === 'vertical' ? 'ArrowLeft' : 'ArrowUp'
  const on = line === 'vertical' ? 'ArrowRight' : 'ArrowDown'
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      class={`splitter ${line} ${isMoving ? 'moving' : ''}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={line}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={Math.round(share ?? 50)}
      onPointerDown={({ currentTarget, pointerId }) => {
        currentTarget.setPointerCapture(pointerId)
        setMoving(true)
      }}
      onPointerMove={({ currentTarget, clientX, clientY }) => {
        const box = isMoving ? currentTarget.parentElement?.getBoundingClientRect() : undefined
        if (box !== undefined) {
          set(
            line === 'vertical'
              ? (100 * (clientX - box.left)) / box.width
              : (100 * (clientY - box.top)) / box.height,
          )
        }
      }}
      onPointerUp={() => setMoving(false)}
      onPointerCancel={() => setMoving(false)}
      onDblClick={() => onShare(null)}
      onKeyDown={(event) => {
        const from = share ?? measured(event.currentTarget)
        const goal = { [back]: from - 5, [on]: from + 5 }[event.key]
        if (goal !== undefined) {
          event.preventDefault()
          set(goal)
        } else if (event.key === 'Home') {
          event.preventDefault()
          onShare(null)
        }
      }}
    />
  )
}
