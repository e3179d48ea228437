/**
 * The kind of a primitive on the wire: a text is bytes too, and a frame is a length followed by raw bytes.
 */
export type Wire = 'number' | 'bytes' | 'text' | 'raw' | 'frame'
