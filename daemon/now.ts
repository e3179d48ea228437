/** Milliseconds since 1970, with a fraction; they go on evenly, whoever sets the machine's clock. */
export const now = (): number => performance.timeOrigin + performance.now()
