/** The first bytes of a Determinate Nix daemon that rejects this user: `f0 9f 9a ab 00 00 00 00`. */
const refusalHello = Uint8Array.of(0xf0, 0x9f, 0x9a, 0xab, 0, 0, 0, 0)

/** Whether a daemon rejects the connection with these bytes, in place of its magic. */
export const isRefusal = (bytes: Uint8Array): boolean =>
  bytes.length >= refusalHello.length && refusalHello.every((byte, i) => bytes[i] === byte)

/** What the bytes mean, in words. */
export const refusalMeaning =
  'the daemon (Determinate Nix) refuses this user, who is not among its `allowed-users`'
