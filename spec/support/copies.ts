/** The number of bytes copied into arrays during some work. */
export const copiedIn = (run: () => void): number => {
  const { prototype } = Uint8Array
  const own = Object.getOwnPropertyDescriptor(prototype, 'set')
  const { set } = prototype
  let copied = 0
  prototype.set = function (this: Uint8Array, source: ArrayLike<number>, offset?: number): void {
    copied += source.length
    set.call(this, source, offset)
  }
  try {
    run()
  } finally {
    if (own === undefined) {
      Reflect.deleteProperty(prototype, 'set')
    } else {
      Object.defineProperty(prototype, 'set', own)
    }
  }
  return copied
}
