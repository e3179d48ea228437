import type { Mark } from '../engine/api.js'
import type { StreamIndex } from '../engine/item.js'
import type { ItemPath } from '../engine/outline.js'
import type { Peers } from './status.js'

interface Props {
  readonly marks: ReadonlyArray<Mark>
  readonly names: Peers
  readonly sizes: readonly [client: number, server: number]
  readonly selected: number | null
  readonly onSelect: (path: ItemPath) => void
}

// More would not be told apart.
const most = 400
const height = 14

/** The operations of a session along its two streams: the width is the bytes. The tree says the same to a keyboard. */
export const Strip = ({ marks, names, sizes, selected, onSelect }: Props) => (
  <div class="strip" aria-hidden="true">
    {([0, 1] as const).map((stream) => (
      <div key={stream} class="lane">
        <span>{names[stream]}</span>
        <svg viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none">
          <title>{`what the ${names[stream]} sent`}</title>
          {marks.slice(0, most).map((mark) => (
            <Segment
              key={mark.path[0]}
              mark={mark}
              stream={stream}
              size={sizes[stream]}
              isSelected={mark.path[0] === selected}
              onSelect={onSelect}
            />
          ))}
        </svg>
      </div>
    ))}
  </div>
)

interface SegmentProps {
  readonly mark: Mark
  readonly stream: StreamIndex
  readonly size: number
  readonly isSelected: boolean
  readonly onSelect: (path: ItemPath) => void
}

const Segment = ({ mark, stream, size, isSelected, onSelect }: SegmentProps) => {
  const span = mark.spans.find((each) => each.stream === stream)
  if (span === undefined || size === 0) {
    return null
  }
  const x = (1000 * span.start) / size
  const width = Math.max(1.5, (1000 * (span.end - span.start)) / size - 1.5)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the tree has the same items
    <rect
      class={`segment tone-${mark.tone} ${isSelected ? 'selected' : ''}`}
      x={x}
      y={0}
      width={width}
      height={height}
      onClick={() => onSelect(mark.path)}
    >
      <title>{`${mark.name}, bytes ${span.start}–${span.end}`}</title>
    </rect>
  )
}
