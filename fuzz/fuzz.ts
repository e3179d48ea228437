import { randomInt } from 'node:crypto'
import { expectGrammar } from '../combinators/expect.js'
import type { Profile } from '../combinators/limits.js'
import { type Grammar, nodeName } from '../combinators/node.js'
import {
  callback,
  checkOptions,
  flag,
  number,
  type OptionChecks,
  oneOf,
  record,
  signal,
  usual,
  word,
  words,
} from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { optionOf, protocolFor } from '../combinators/protocol-for.js'
import { type ArbitraryOptions, toArbitrary } from '../interpreters/arbitrary/index.js'
import { Campaign, type FuzzEnding, type Standing } from './campaign.js'
import type { Candidate } from './candidates.js'
import { systemClock } from './clock.js'
import { Filter, type FilterOptions } from './filter.js'
import { filterProblem } from './filter-words.js'
import type { Finding } from './findings.js'
import { Format } from './format.js'
import { Inputs } from './inputs.js'
import { expectJsonForm, type JsonForm } from './json-form.js'
import { expectSeconds, expectWhole } from './targets/numbers.js'
import { type Check, checks, type FuzzTarget } from './targets/target.js'

export interface FuzzOptions extends FilterOptions {
  /** The protocol that both peers agreed on. Default: the defaults of the grammar. */
  readonly protocol?: Partial<Protocol>
  /** With `canonical` the target must reject everything that the encoder would not write. Default: `compatible`. */
  readonly profile?: Profile
  /** What is compared. Default: `accept`. */
  readonly check?: Check
  /**
   * The form of JSON in which values are compared and passed to an encoder. Values that have no such form are not
   * compared. Default: that of `toJson`.
   */
  readonly json?: JsonForm
  /** The name of the type in the adapter protocol. Default: the name of the grammar. */
  readonly type?: string
  /** The most inputs. Default: 1000, unless `seconds` is given. */
  readonly runs?: number
  /** The most seconds, including the start of the target and the minimising of findings. */
  readonly seconds?: number
  /** The number of different findings after which the run ends. Default: 10. */
  readonly findings?: number
  /** The most seconds for minimising the findings. Default: 10, but at most a quarter of `seconds`. */
  readonly minimise?: number
  /** The seed: the same number gives the same inputs. Default: a random one, which the report has. */
  readonly seed?: number
  /**
   * Does one part of a shared run: `{ part: 3, of: 16 }` is the third of sixteen. A part that gets no inputs has shown
   * nothing: its report has `ended: 'empty'`.
   */
  readonly shard?: { readonly part: number; readonly of: number }
  /** Your own inputs, instead of generated ones. */
  readonly inputs?: Iterable<Uint8Array>
  /** How the values are generated that the inputs are made of. */
  readonly values?: ArbitraryOptions
  /** Ends the run; the report has the findings so far. */
  readonly signal?: AbortSignal
  /** Is called with the progress of the run, a few times per second. */
  readonly onProgress?: (standing: FuzzStanding) => void
}

/** The progress of a run. */
export interface FuzzStanding {
  readonly runs: number
  /** The number of different findings. */
  readonly findings: number
  readonly seconds: number
}

/** The report of a run. */
export interface FuzzReport {
  /** The seed; as the option `seed` it gives the same inputs again. */
  readonly seed: number
  readonly runs: number
  /** The number of inputs that the target could not answer. */
  readonly skipped: number
  /**
   * The number of values that have no JSON in the form of the option `json`: they were neither compared nor passed to
   * an encoder.
   */
  readonly uncompared: number
  /** The number of inputs that the target rejected, rightly or not. */
  readonly refused: number
  /** The number of correct rejections with a traceback on standard error: they may be crashes. */
  readonly tracebacks: number
  readonly seconds: number
  /** Why the run ended. */
  readonly ended: FuzzEnding
  readonly findings: ReadonlyArray<Finding>
}

const optionChecks: OptionChecks<FuzzOptions> = {
  protocol: usual.protocol,
  profile: usual.profile,
  check: oneOf(checks),
  json: expectJsonForm,
  type: word,
  runs: expectWhole(1, Number.MAX_SAFE_INTEGER),
  seconds: expectSeconds,
  findings: expectWhole(1, Number.MAX_SAFE_INTEGER),
  minimise: number,
  seed: expectWhole(-(2 ** 31), 2 ** 32),
  shard: record,
  inputs: (what, value) => {
    if (typeof (value as Iterable<unknown> | null)?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`${what} must be iterable`)
    }
  },
  values: record,
  only: words,
  ignore: words,
  structure: flag,
  signal,
  onProgress: callback,
}

const usualRuns = 1000
const usualFindings = 10
const usualMinimise = 10

/**
 * Finds mistakes of a decoder or an encoder. It tries valid messages, acceptable messages that no encoder writes,
 * messages that break exactly one rule, and damaged messages, and checks each answer. One mistake is mostly one
 * finding, in all fields where it shows, with the rules that show it: a text that is not checked at all is one finding.
 * Findings are counted and minimised.
 *
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { compile, listOf, struct, u64, utf8 } from 'nix-wire'
 * import { functionTarget, fuzz } from 'nix-wire/fuzz'
 *
 * const Order = struct('Order', { tea: utf8, cups: listOf(u64) })
 * const { decode } = compile(Order)
 *
 * // A decoder that keeps 32 bits of a number.
 * const mine = functionTarget({
 *   decode: (bytes: Uint8Array) =>
 *     E.either.map(decode(bytes), ({ tea, cups }) => ({ tea, cups: cups.map((n) => BigInt.asUintN(32, n)) })),
 * })
 *
 * // In a test: expect((await fuzz(Order, mine, …)).findings).to.deep.equal([])
 * const { findings } = await fuzz(Order, mine, { check: 'value', seed: 1 })
 * findings.map(({ mistake }) => [mistake.kind, mistake.place]) // => [['value', 'cups[]']]
 * const [found] = findings
 * found?.mistake.difference?._tag === 'value' && [found.mistake.difference.path, found.mistake.difference.actual]
 * // => [['cups', 0], 0n]
 * ```
 *
 * The target can also be a program in any language: see {@link programTarget} and {@link adapterTarget}. The promise
 * rejects with a {@link ProgramError} if the program cannot be started; findings never reject it.
 *
 * @throws TypeError or RangeError for unknown or invalid options.
 */
export const fuzz = <A>(
  grammar: Grammar<A>,
  target: FuzzTarget<NoInfer<A>>,
  options: FuzzOptions = {},
): Promise<FuzzReport> => {
  expectGrammar('what fuzz fuzzes', grammar)
  if (typeof (target as Partial<FuzzTarget<A>> | null)?.open !== 'function') {
    throw new TypeError('fuzz takes a target of functionTarget, programTarget or adapterTarget')
  }
  checkOptions('fuzz', optionChecks, options)
  const { profile = 'compatible', check = 'accept', type = nodeName(grammar.node) } = options
  if (check === 'encode' && options.inputs !== undefined) {
    throw new TypeError('the check encode cannot use the option inputs: they are bytes, for decoders')
  }
  const protocol = protocolFor(optionOf('fuzz'), grammar.node, options.protocol ?? {})
  const shard = shardOf(options.shard)
  const format = new Format(grammar, protocol, profile, options.json)
  const wrong = filterProblem(format, { check, isGiven: options.inputs !== undefined }, options)
  if (wrong !== null) {
    throw new RangeError(`the option ${wrong.option} of fuzz: ${wrong.problem}`)
  }
  return run(format, target, { ...options, ...shard, check, type })
}

const shardOf = (shard: FuzzOptions['shard']): { readonly part: number; readonly parts: number } => {
  const { part = 1, of = 1 } = shard ?? {}
  if (!Number.isInteger(part) || !Number.isInteger(of) || part < 1 || part > of) {
    throw new RangeError(
      `the option shard of fuzz must be a part from 1 to the number of parts, such as { part: 3, of: 16 }, not ${part}/${of}`,
    )
  }
  return { part: part - 1, parts: of }
}

interface Settled extends FuzzOptions {
  readonly check: Check
  readonly type: string
  readonly part: number
  readonly parts: number
}

const run = async <A>(format: Format<A>, target: FuzzTarget<A>, options: Settled): Promise<FuzzReport> => {
  const { check, type, json, signal: stop, onProgress, part, parts } = options
  const { profile, protocol } = format
  const inputs = new Inputs(format)
  const seed = options.seed ?? randomInt(2 ** 31)
  const filter = new Filter(options)
  const making = {
    values: toArbitrary(format.grammar, protocol, options.values),
    inputs,
    check,
    seed,
    tries: filter.tries.bind(filter),
  }
  const started = systemClock.now()
  const seconds = options.seconds ?? Number.POSITIVE_INFINITY
  const running = await target.open({
    message: { type, ...protocol, profile, ...(json === undefined ? {} : { json: json.name }) },
    check,
    seconds,
  })
  const campaign = new Campaign(
    format,
    running,
    making,
    filter,
    {
      runs: options.runs ?? (options.seconds === undefined ? usualRuns : Number.POSITIVE_INFINITY),
      seconds,
      findings: options.findings ?? usualFindings,
      minimise: options.minimise ?? usualMinimise,
      part,
      parts,
    },
    options.inputs === undefined ? null : given(inputs, options.inputs, part, parts),
    systemClock,
    started,
  )
  const abort = (): void => campaign.abort()
  stop?.addEventListener('abort', abort)
  const progress =
    onProgress === undefined ? undefined : setInterval(() => onProgress(standingOf(campaign.standing)), 200)
  try {
    if (stop?.aborted === true) {
      abort()
    }
    const ended = await campaign.run()
    if (ended !== 'aborted' && ended !== 'time') {
      await running.close()
    }
    return {
      seed,
      ...campaign.standing,
      ended,
      findings: campaign.findings.map(({ origin: _, ...finding }) => finding),
    }
  } finally {
    running.kill()
    clearInterval(progress)
    stop?.removeEventListener('abort', abort)
  }
}

const standingOf = ({ runs, findings, seconds }: Standing): FuzzStanding => ({ runs, findings, seconds })

function* given<A>(
  inputs: Inputs<A>,
  all: Iterable<Uint8Array>,
  part: number,
  parts: number,
): Generator<Candidate> {
  let i = 0
  for (const bytes of all) {
    if (i++ % parts === part) {
      yield { input: inputs.judged(bytes, 'given'), origin: { _tag: 'bytes' } }
    }
  }
}
