/** What begins a connection to a Determinate Nix daemon that lets this user not in: `f0 9f 9a ab 00 00 00 00`. */
const refusalHello = Uint8Array.of(0xf0, 0x9f, 0x9a, 0xab, 0, 0, 0, 0)

/** Whether a daemon refuses with these bytes, which stand in the place of its hello. */
export const isRefusal = (bytes: Uint8Array): boolean =>
  bytes.length >= refusalHello.length && refusalHello.every((byte, i) => bytes[i] === byte)

/** What that means. */
export const refusalMeaning =
  'the daemon (Determinate Nix) refuses this user, who is not among its `allowed-users`'
