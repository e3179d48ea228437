/** Milliseconds since 1970, with a fraction; they advance evenly, even if the machine's clock is set. */
export const now = (): number => performance.timeOrigin + performance.now()
