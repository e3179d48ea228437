/** A buffer that is written to from `at` on. */
export class Room {
  readonly bytes: Uint8Array
  readonly view: DataView
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  copy(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at)
    this.at += bytes.length
  }

  integer(value: number): void {
    this.view.setUint32(this.at, value % 4294967296, true)
    this.view.setUint32(this.at + 4, value / 4294967296, true)
    this.at += 8
  }

  /** Writes zeros up to a multiple of eight after `length` bytes. */
  pad(length: number): void {
    for (let left = -length & 7; left > 0; left--) {
      this.bytes[this.at++] = 0
    }
  }
}
