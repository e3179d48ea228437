// biome-ignore-all lint/a11y/useSemanticElements: a table cannot show some of its rows only
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active cell
import { Component } from 'preact'

/** All properties are plain values, so that a row is drawn again only after a change. */
interface Props {
  readonly bytes: Uint8Array
  readonly prefix: string
  readonly row: number
  readonly columns: number
  /** The selected and the pointed-at bytes in this row: equal numbers for none. */
  readonly selectedStart: number
  readonly selectedEnd: number
  readonly pointedStart: number
  readonly pointedEnd: number
  /** The bytes selected by the user in the hex view. */
  readonly chosenStart: number
  readonly chosenEnd: number
  /** -1 if it is not in this row. */
  readonly wrong: number
  readonly cursor: number
  /** The classes of the fields, a word for each byte. */
  readonly fields: string
}

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f

/** The offset, the value and the character of a byte. */
const labelOf = (at: number, byte: number): string =>
  `${at}: ${hexTable[byte]}${byte === 0x20 ? ' space' : isPrintable(byte) ? ` ${String.fromCharCode(byte)}` : ''}`

const hexTable = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export class HexRow extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return (Object.keys(next) as Array<keyof Props>).some((key) => next[key] !== this.props[key])
  }

  override render() {
    const { bytes, prefix, row, columns, cursor } = this.props
    const start = row * columns
    const shown = bytes.subarray(start, start + columns)
    const fields = this.props.fields.split(' ')
    return (
      <div class="hex-row" role="row" aria-rowindex={row + 1}>
        <span class="hex-offset" role="rowheader">
          {start.toString(16).padStart(8, '0')}
        </span>
        <span class={`hex-cells of-${columns}`} role="presentation">
          {Array.from(shown, (byte, i) => (
            <span
              key={i}
              id={start + i === cursor ? `${prefix}-cursor` : undefined}
              role="gridcell"
              aria-selected={this.#isSelected(start + i)}
              aria-label={labelOf(start + i, byte)}
              class={`${fields[i] ?? ''} ${this.#classOf(start + i, byte)}`}
              data-at={start + i}
            >
              {hexTable[byte]}
            </span>
          ))}
        </span>
        <span class="hex-text" aria-hidden="true">
          {Array.from(shown, (byte, i) => (
            <span key={i} class={this.#classOf(start + i, byte)} data-at={start + i}>
              {isPrintable(byte) ? String.fromCharCode(byte) : '·'}
            </span>
          ))}
        </span>
      </div>
    )
  }

  #isSelected(at: number): boolean {
    return at >= this.props.selectedStart && at < this.props.selectedEnd
  }

  #classOf(at: number, byte: number): string {
    const { pointedStart, pointedEnd, chosenStart, chosenEnd, wrong, cursor } = this.props
    return [
      byte === 0 ? 'zero' : '',
      this.#isSelected(at) ? 'selected' : '',
      at >= pointedStart && at < pointedEnd ? 'pointed' : '',
      at >= chosenStart && at < chosenEnd ? 'chosen' : '',
      at === wrong ? 'wrong' : '',
      at === cursor ? 'cursor' : '',
    ]
      .filter((name) => name !== '')
      .join(' ')
  }
}
