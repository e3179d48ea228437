/** A time in at most two units: `0.4 ms`, `250 ms`, `41.2 s`, `12 min 4 s`, `3 h 5 min`, `6 d 4 h`. */
export const durationText = (milliseconds: number): string => {
  const shown = Math.max(0, milliseconds)
  if (shown < 999.5) {
    return `${shown < 9.95 ? Math.round(shown * 10) / 10 : Math.round(shown)} ms`
  }
  if (shown < 59_950) {
    return `${Math.round(shown / 100) / 10} s`
  }
  const seconds = Math.round(shown / 1000)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours === 0) {
    return twoOf(minutes, 'min', seconds % 60, 's')
  }
  return hours < 24
    ? twoOf(hours, 'h', minutes % 60, 'min')
    : twoOf(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

const twoOf = (large: number, unit: string, small: number, smaller: string): string =>
  small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`

/** A time as `2026-11-29T08:35:01.123456Z`, to the microsecond; null outside of the years 0 to 9999. */
export const timeText = (milliseconds: number): string | null => {
  const whole = Math.floor(milliseconds)
  if (!(whole >= -62_167_219_200_000 && whole < 253_402_300_800_000)) {
    return null
  }
  const micros = Math.min(999, Math.max(0, Math.round((milliseconds - whole) * 1000)))
  return `${new Date(whole).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`
}
