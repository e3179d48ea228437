import { wordsOf } from './words.js'

/** What comes next. */
export enum State {
  Magic,
  Open,
  Type,
  Kind,
  Marker,
  MarkerValue,
  ContentsWord,
  Length,
  Contents,
  Padding,
  TargetWord,
  Target,
  EntryOrClose,
  EntryOpen,
  NameWord,
  Name,
  NodeWord,
  Close,
  EntryClose,
  End,
}

export const magic = wordsOf('nix-archive-1')
export const open = wordsOf('(')
export const close = wordsOf(')')
export const type = wordsOf('type')
export const contents = wordsOf('contents')
export const target = wordsOf('target')
export const nameWord = wordsOf('name')
export const nodeWord = wordsOf('node')

// Words that usually follow each other are compared together.
export const openType = wordsOf('(', 'type')
export const nodeOpenType = wordsOf('node', '(', 'type')
export const entryOpenName = wordsOf('entry', '(', 'name')
export const regularContents = wordsOf('regular', 'contents')
export const executableContents = wordsOf('regular', 'executable', '', 'contents')
export const closeClose = wordsOf(')', ')')
