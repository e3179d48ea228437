import { type OptionChecks, usual } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { type CompileOptions, compileOptions } from '../interpreters/compile/resumable.js'

/** The options of `MockReader` and `MockWriter`. */
export interface MockOptions extends CompileOptions {
  readonly protocol?: Partial<Protocol>
}

/** How each option is checked. */
export const mockOptions: OptionChecks<MockOptions> = { ...compileOptions, protocol: usual.protocol }
