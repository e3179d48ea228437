// Uses the engine's own getters: a proxy, a subclass or an own property could return anything.
const prototype = Object.getPrototypeOf(Uint8Array.prototype) as object
const getterOf = (key: 'length' | 'byteOffset' | 'buffer' | typeof Symbol.toStringTag) =>
  Object.getOwnPropertyDescriptor(prototype, key)?.get as (this: unknown) => unknown

const kindOf = getterOf(Symbol.toStringTag)
const lengthGetter = getterOf('length')
const offsetGetter = getterOf('byteOffset')
const bufferGetter = getterOf('buffer')

/** Whether this is a Uint8Array (a Buffer is one), and not a proxy or look-alike. */
export const isBytes = (value: unknown): value is Uint8Array => kindOf.call(value) === 'Uint8Array'

/** The real length of a Uint8Array; 0 if its buffer has shrunk or is detached. */
export const lengthOf = (bytes: Uint8Array): number => lengthGetter.call(bytes) as number

/** The same bytes as a plain Uint8Array. */
export const plainBytes = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bufferGetter.call(bytes) as ArrayBuffer, offsetGetter.call(bytes) as number, lengthOf(bytes))

/** @throws TypeError for anything but a Uint8Array, with what it is instead. */
export const expectBytes = (what: string, value: unknown): void => {
  if (!isBytes(value)) {
    throw new TypeError(`${what} must be a Uint8Array, not ${kindName(value)}`)
  }
}

/** The kind of a value, in two words, for the message of a TypeError. */
export const kindName = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) {
    return value === null || value === undefined ? String(value) : `a ${typeof value}`
  }
  try {
    const name: unknown = value.constructor.name
    return typeof name === 'string' && /^[A-Za-z0-9_$]{1,60}$/.test(name)
      ? `an object (${name})`
      : 'an object'
  } catch {
    return 'an object'
  }
}
