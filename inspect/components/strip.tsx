import { Component } from 'preact'
import { durationText } from '../../session/timed/duration.js'
import type { ItemPath } from '../engine/outline.js'
import type { Line, Overview } from '../engine/overview.js'
import { type Bar, stripWidth } from '../engine/strip.js'
import { countOf, grouped } from '../engine/value-text.js'
import type { Peers } from './status.js'

interface Props {
  readonly overview: Overview
  readonly names: Peers
  readonly selected: number | null
  readonly onSelect: (path: ItemPath) => void
}

const height = 14

/** An overview of a session, by its bytes and by its times. The tree has the same items for keyboards. */
export class Strip extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return next.overview !== this.props.overview || next.selected !== this.props.selected
  }

  override render() {
    const { overview, names, selected, onSelect } = this.props
    return (
      <section class="strip" aria-label="The whole session">
        <p data-testid="overview">{summaryOf(overview)}</p>
        <div aria-hidden="true">
          {overview.lines.map((line) => (
            <div key={line.of} class="lane" data-line={line.of}>
              <span>{titleOf(line, names)}</span>
              <svg viewBox={`0 0 ${stripWidth} ${height}`} preserveAspectRatio="none">
                <title>{titleOf(line, names)}</title>
                {line.bars.map((bar) => (
                  // biome-ignore lint/a11y/noStaticElementInteractions: the tree has the same items
                  <rect
                    key={`${bar.from} ${bar.to}`}
                    class={`segment tone-${bar.tone} ${bar.index === selected ? 'selected' : ''}`}
                    x={bar.from}
                    y={0}
                    width={Math.max(0.8, bar.to - bar.from - (bar.count > 1 ? 0 : 1))}
                    height={height}
                    onClick={() => onSelect([bar.index])}
                  >
                    <title>{labelOf(bar)}</title>
                  </rect>
                ))}
              </svg>
            </div>
          ))}
        </div>
      </section>
    )
  }
}

const summaryOf = ({ operations, failed, duration }: Overview): string =>
  [
    countOf(operations, 'operation'),
    ...(failed === 0 ? [] : [`${grouped(failed)} failed`]),
    ...(duration === null ? [] : [durationText(duration)]),
  ].join(' · ')

const titleOf = ({ of }: Line, [client, server]: Peers): string => {
  switch (of) {
    case 'client':
      return `${client} sent`
    case 'server':
      return `${server} sent`
    case 'operations':
      return 'over time'
    case 'awaited client':
      return `${client} awaited`
    case 'awaited server':
      return `${server} awaited`
  }
}

const labelOf = ({ name, count }: Bar): string =>
  count === 1 ? name : `${name} and ${grouped(count - 1)} more`
