/**
 * The first bytes of recordings with times: pcapng, and pcap in both byte orders, with microseconds or nanoseconds.
 */
const magics: ReadonlyArray<number> = [0x0a0d0d0a, 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1]

/** Whether bytes begin like a pcapng or pcap file. */
export const isCapture = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 &&
  magics.includes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0))
