import { Command } from 'commander'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import {
  dissect,
  dissectionJson,
  type RenderOptions,
  renderDissection,
} from '../../interpreters/dissect/index.js'
import { issuesText, mostListed } from '../all-issues.js'
import { bytesOfFile, type FormOptions, withInputForm } from '../bytes-form.js'
import { colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import { collected } from '../files.js'
import { fitsNote } from '../fits-note.js'
import { moreAbout } from '../issue-link.js'
import { countArgument, offsetArgument } from '../numbers.js'
import {
  grammarOfType,
  type ProtocolOptions,
  profileOf,
  protocolOf,
  withProtocolOptions,
} from '../protocol-options.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'

interface Options extends ProtocolOptions, FormOptions {
  readonly json?: true
  readonly allIssues?: true
  readonly full?: true
  readonly at?: number
  readonly fold: number
  readonly rows: number
}

export const dissectCommand = (): Command =>
  withInputForm(withProtocolOptions(new Command('dissect')))
    .summary('show what each byte of a message is')
    .description(
      'Prints a message as annotated hex: range, bytes, field, grammar, value. A field that breaks a rule is marked, and\n' +
        'shown as it came; the output ends at an issue after which the next field cannot be found. TYPE is as for `nix-wire decode`.',
    )
    .argument('<type>', 'the type of the bytes')
    .argument('[file]', 'the file with the bytes; - for standard input', '-')
    .option('-j, --json', 'the tree as JSON, for tools')
    .option('--all-issues', `list every issue on stderr, at most ${mostListed}, and not only the first`)
    .option(
      '--at <offset>',
      'the message begins at this byte of the file, 152 or 0x98, and what follows it is not read',
      offsetArgument,
    )
    .option('-F, --full', 'show everything')
    .option('--fold <n>', 'show this many items of a collection', countArgument, 10)
    .option('--rows <n>', 'show this many rows of 16 bytes of a long field', countArgument, 8)
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire dissect ValidPathInfo --protocol 1.37 reply.bin
  $ nix-wire dissect 'List<String>' --fold 3 < message.bin | less -R   # FORCE_COLOR=1 before it keeps the colours
  $ echo 0100000000000000 0500000000000000 6173 | nix-wire dissect 'List<String>' --hex
  $ nix-wire dissect AddToStoreRequest --protocol 1.34 --at 152 connection.client.bin   # in a recording
  $ nix-wire dissect BuildResult --json result.bin | jq '.tree.parts[].path'

With --at offsets count from there.

Exit codes: 0 done; 1 the bytes are invalid, stderr says where; 2 the command line is wrong.`,
    )
    .action(run)

const colours: {
  readonly [C in Parameters<NonNullable<RenderOptions['paint']>>[0]]: (text: string) => string
} = {
  range: pc.dim,
  bytes: pc.cyan,
  field: pc.bold,
  grammar: pc.yellow,
  value: pc.green,
  wrong: pc.red,
  note: pc.dim,
}

/** Takes a message apart; one that begins at a byte of a file may end before that. */
const dissected = (grammar: Grammar<unknown>, agreed: Protocol, all: Uint8Array, options: Options) => {
  const { at } = options
  if (at !== undefined && at > all.length) {
    throw new Failure(2, `--at ${at}: there are only ${all.length} bytes`)
  }
  const bytes = all.subarray(at ?? 0)
  const given = { profile: profileOf(options), issues: mostListed }
  const dissection = dissect(grammar, agreed, bytes, given)
  const { result } = dissection
  if (at === undefined || !isLeft(result) || result.left._tag !== 'TrailingBytes') {
    return { bytes, dissection }
  }
  const message = bytes.subarray(0, result.left.offset)
  return { bytes: message, dissection: dissect(grammar, agreed, message, given) }
}

/** A word on several messages one after the other, as `sample` makes them. */
const nextMessage = (
  type: string,
  grammar: Grammar<unknown>,
  agreed: Protocol,
  bytes: Uint8Array,
  { _tag, offset }: Issue,
): string => {
  if (_tag !== 'TrailingBytes') {
    return ''
  }
  const { result } = dissect(grammar, agreed, bytes.subarray(offset))
  const isMessage = offset > 0 && (isRight(result) || result.left._tag === 'TrailingBytes')
  return isMessage
    ? `\n  Another ${type} begins at byte ${offset}: --at 0 shows the first, --at ${offset} the next; sample -n 1 makes only one.`
    : ''
}

const run = async (type: string, file: string, options: Options): Promise<void> => {
  const grammar = await grammarOfType(type, options)
  const agreed = protocolOf(options, grammar)
  const all = await collected(bytesOfFile(file, options))
  const { bytes, dissection } = dissected(grammar, agreed, all, options)
  if (options.json === true) {
    await write(`${jsonText(dissectionJson(dissection))}\n`)
  } else {
    const [fold, rows] = options.full === true ? [Infinity, Infinity] : [options.fold, options.rows]
    for (const line of renderDissection(dissection, {
      fold,
      rows,
      paint: (column, text) => colours[column](text),
    })) {
      await write(`${line}\n`)
    }
  }
  if (isLeft(dissection.result)) {
    const text = issuesText(dissection.result.left, dissection, bytes, options.allIssues === true)
    const fits = await fitsNote(grammar, agreed, profileOf(options), bytes, all)
    const next = nextMessage(type, grammar, agreed, bytes, dissection.result.left)
    throw new Failure(1, `${text}${fits}${next}\n${moreAbout(dissection.result.left)}`)
  }
}
