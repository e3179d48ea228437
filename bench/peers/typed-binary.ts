import * as bin from 'typed-binary'
import type { PlainPathInfo } from '../workloads/w1.js'
import { type Peer, padded } from './peer.js'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

class U64 extends bin.Schema<bigint> {
  read(input: bin.ISerialInput): bigint {
    const low = input.readUint32()
    return (BigInt(input.readUint32()) << 32n) | BigInt(low)
  }

  write(output: bin.ISerialOutput, value: bigint): void {
    output.writeUint32(Number(value & 0xffffffffn))
    output.writeUint32(Number(value >> 32n))
  }

  measure(_: bigint | bin.MaxValue, measurer: bin.IMeasurer = new bin.Measurer()): bin.IMeasurer {
    return measurer.add(8)
  }
}

class Text extends bin.Schema<string> {
  read(input: bin.ISerialInput): string {
    const size = input.readUint32()
    input.skipBytes(4)
    const bytes = new Uint8Array(size)
    input.readSlice(bytes, 0, size)
    input.skipBytes(padded(size) - size)
    return decoder.decode(bytes)
  }

  write(output: bin.ISerialOutput, value: string): void {
    const bytes = encoder.encode(value)
    const whole = new Uint8Array(padded(bytes.length))
    whole.set(bytes)
    output.writeUint32(bytes.length)
    output.writeUint32(0)
    output.writeSlice(whole)
  }

  measure(value: string | bin.MaxValue, measurer: bin.IMeasurer = new bin.Measurer()): bin.IMeasurer {
    return value === bin.MaxValue ? measurer.unbounded : measurer.add(8 + padded(Buffer.byteLength(value)))
  }
}

class List<A> extends bin.Schema<A[]> {
  readonly #item: bin.Schema<A>

  constructor(item: bin.Schema<A>) {
    super()
    this.#item = item
  }

  read(input: bin.ISerialInput): bin.Parsed<A[]> {
    const size = input.readUint32()
    input.skipBytes(4)
    const items: bin.Parsed<A>[] = []
    for (let i = 0; i < size; i++) {
      items.push(this.#item.read(input))
    }
    return items as bin.Parsed<A[]>
  }

  write(output: bin.ISerialOutput, values: bin.Parsed<A[]>): void {
    const items = values as readonly bin.Parsed<A>[]
    output.writeUint32(items.length)
    output.writeUint32(0)
    for (const item of items) {
      this.#item.write(output, item)
    }
  }

  measure(
    values: bin.Parsed<A[]> | bin.MaxValue,
    measurer: bin.IMeasurer = new bin.Measurer(),
  ): bin.IMeasurer {
    if (values === bin.MaxValue) {
      return measurer.unbounded
    }
    measurer.add(8)
    for (const item of values as readonly bin.Parsed<A>[]) {
      this.#item.measure(item, measurer)
    }
    return measurer
  }
}

class Yes extends bin.Schema<boolean> {
  read(input: bin.ISerialInput): boolean {
    return (input.readUint32() | input.readUint32()) !== 0
  }

  write(output: bin.ISerialOutput, value: boolean): void {
    output.writeUint32(value ? 1 : 0)
    output.writeUint32(0)
  }

  measure(_: boolean | bin.MaxValue, measurer: bin.IMeasurer = new bin.Measurer()): bin.IMeasurer {
    return measurer.add(8)
  }
}

const text = new Text()
const u64 = new U64()
const texts = new List(text)

const message = new List(
  bin.object({
    path: text,
    info: bin.object({
      deriver: text,
      narHash: text,
      references: texts,
      registrationTime: u64,
      narSize: u64,
      ultimate: new Yes(),
      signatures: texts,
      ca: text,
    }),
  }) as unknown as bin.Schema<PlainPathInfo>,
)

export const typedBinary: Peer = {
  name: 'typed-binary',
  version: '4.3.3',
  note: 'no u64, no padding: schemas of our own',
  decode: (bytes) =>
    message.read(
      new bin.BufferReader(bytes.buffer, {
        byteOffset: bytes.byteOffset,
        endianness: 'little',
      }),
    ),
  encode: (value) => {
    const values = value as unknown as bin.Parsed<PlainPathInfo[]>
    const bytes = new Uint8Array(message.measure(values).size)
    message.write(new bin.BufferWriter(bytes.buffer, { endianness: 'little' }), values)
    return bytes
  },
}
