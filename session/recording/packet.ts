/** A packet of a capture file, whatever it contains. */
export interface Packet {
  /** The number of its interface, counted over all sections of the file. */
  readonly interface: number
  readonly linkType: number
  /** Milliseconds since 1970; null if the file has no time. */
  readonly at: number | null
  /** The bytes in the file: a view, valid until the reader gets more. */
  readonly data: Uint8Array
  /** Its length before it was cut. */
  readonly length: number
  /** The offset of its first byte in the file. */
  readonly offset: number
}

/** The link types of recordings, listed at tcpdump.org/linktypes.html. */
export const linkTypes = {
  /** Used by sockdump, for private use. */
  user0: 147,
  /** `LINKTYPE_WIRESHARK_UPPER_PDU`: names the dissector. */
  upperPdu: 252,
} as const
