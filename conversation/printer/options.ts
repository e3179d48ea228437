import { expectText } from '../../combinators/expect.js'
import { callback, checkOptions, type OptionChecks, record } from '../../combinators/options.js'
import type { Side } from '../node.js'

/** How a flow is printed. */
export interface PrintOptions {
  /** The names of the sides. Default: `client` and `server`. */
  readonly sides?: { readonly [S in Side]?: string }
  /** The text for a message, given the name of its grammar; a link, for example. Default: the name. */
  readonly message?: (name: string) => string
  /** The text for a named part. Default: a link to a heading of that name. */
  readonly part?: (name: string) => string
}

export interface Printing {
  readonly sides: { readonly [S in Side]: string }
  readonly message: (name: string) => string
  readonly part: (name: string) => string
}

const checks: OptionChecks<PrintOptions> = { sides: record, message: callback, part: callback }
const names: OptionChecks<NonNullable<PrintOptions['sides']>> = { client: expectText, server: expectText }

/** A link to a heading on the same page. */
const toHeading = (name: string): string => `[${name}](#${name.toLowerCase().replaceAll(' ', '-')})`

export const printingOf = (of: string, given: PrintOptions): Printing => {
  checkOptions(of, checks, given)
  const { sides = {}, message = (name) => name, part = toHeading } = given
  checkOptions(`sides of ${of}`, names, sides)
  return { sides: { client: sides.client ?? 'client', server: sides.server ?? 'server' }, message, part }
}
