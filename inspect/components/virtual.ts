import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'

// Browsers clip elements that are taller than about ten million pixels.
const tallest = 8_000_000
const overscan = 4

/** The visible rows of a long list, and their positions. */
export const useVirtual = (count: number, rowHeight: number, kept: number | null = null) => {
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 400, width: 800 })
  const full = count * rowHeight
  const height = Math.min(full, tallest)
  const scrollable = height - view.height
  // In a list that is too tall, a step of the scroll bar moves over several rows.
  const scale = scrollable > 0 ? (full - view.height) / scrollable : 1
  const first = (view.top * scale) / rowHeight
  const visible = view.height / rowHeight

  const measure = useCallback(() => {
    const element = scroller.current
    if (element !== null) {
      const { scrollTop: top, clientHeight, clientWidth: width } = element
      setView((before) =>
        before.top === top && before.height === clientHeight && before.width === width
          ? before
          : { top, height: clientHeight, width },
      )
    }
  }, [])

  useLayoutEffect(() => {
    measure()
    const observer = new ResizeObserver(measure)
    if (scroller.current !== null) {
      observer.observe(scroller.current)
    }
    return () => observer.disconnect()
  }, [measure])

  // A view that becomes smaller keeps the kept row in sight, if it showed it.
  const lastHeight = useRef(view.height)
  useLayoutEffect(() => {
    const rows = lastHeight.current / rowHeight
    lastHeight.current = view.height
    if (kept !== null && kept >= first && kept + 1 <= first + rows) {
      scrollTo(kept)
    }
  }, [view.height])

  const scrollTo = (row: number): void => {
    const element = scroller.current
    if (element !== null && (row < first || row + 1 > first + visible)) {
      element.scrollTop = (Math.max(0, row - visible / 3) * rowHeight) / scale
      measure()
    }
  }

  return {
    scroller,
    onScroll: measure,
    height,
    width: view.width,
    from: Math.max(0, Math.floor(first) - overscan),
    to: Math.min(count, Math.ceil(first + visible) + overscan),
    topOf: (row: number) => view.top + (row - first) * rowHeight,
    scrollTo,
    pageSize: Math.max(1, Math.floor(visible) - 1),
  }
}
