/** A packet of a capture file, whatever it holds. */
export interface Packet {
  /** Where it was caught, as a number that counts the interfaces of all sections of the file. */
  readonly interface: number
  readonly linkType: number
  /** Milliseconds since 1970; null where the file does not say. */
  readonly at: number | null
  /** What the file has of it: a view, good until the reader is given more. */
  readonly data: Uint8Array
  /** How many bytes it had before it was cut. */
  readonly length: number
  /** Where its first byte lies in the file. */
  readonly offset: number
}

/** Numbers of the link types that recordings have: tcpdump.org/linktypes.html lists them. */
export const linkTypes = {
  /** What sockdump writes: of private use. */
  user0: 147,
  /** `LINKTYPE_WIRESHARK_UPPER_PDU`: names the dissector. */
  upperPdu: 252,
} as const
