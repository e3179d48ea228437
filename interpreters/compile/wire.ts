/** What a primitive is on the wire: a text is bytes too, and a frame is a length with raw bytes behind it. */
export type Wire = 'number' | 'bytes' | 'text' | 'raw' | 'frame'
