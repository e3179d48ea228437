import type { IssueTag } from '../../../combinators/issue.js'
import type { IssueEntry } from './entry.js'

/** The issues of values that cannot be written, of JSON, and of streams. */
export const otherIssues = {
  Unrepresentable: {
    line: 'The wire has no form for this value.',
    meaning:
      'The wire has no form for this value: it has the wrong type, or this protocol version does not carry it. Here a field ' +
      'is not sent below 1.2, so only its default can be encoded.',
    example: {
      grammar: "struct('Job', { priority: versioned(since('1.2'), u8, 0) })",
      given: { value: '{ priority: 9 }' },
      more: "{ version: '1.1', features: [] }",
    },
    rule: 'What is encoded must decode to the same value. Nothing is dropped or rounded.',
    remedies: [
      'A field that the version lacks: set it to its default, or negotiate a newer version.',
      'Data of untyped code: `path` says which field has the wrong type, `expected` which type it takes.',
    ],
  },
  InvalidJson: {
    line: 'The JSON cannot be parsed, or it is not that of a value of the grammar.',
    meaning:
      'The JSON cannot be parsed, or it is not that of a value of the grammar. `path` leads to the part that is wrong.',
    example: [
      "import { showIssue } from 'nix-wire'",
      "import { BuildMode } from 'nix-wire/grammar'",
      "import { fromJson } from 'nix-wire/interpreters'",
      '',
      'const result = fromJson(BuildMode, {}, true)',
      "if (result._tag === 'Left') {",
      '  console.log(showIssue(result.left))',
      '}',
      '// prints:',
      '// InvalidJson at byte 0, (top level), in BuildMode: expected one of "Normal", "Repair", "Check", got true',
    ],
    rule: 'The JSON of a type has a schema: `nix-wire grammar TYPE --json-schema`.',
    remedies: [
      'See what a right value looks like: `nix-wire sample TYPE | nix-wire decode TYPE`.',
      'The JSON of the `nix` command is another one: `--json nix`, or `nix-wire/nix-json`.',
    ],
  },
  NoSpace: {
    line: 'The target of `encodeInto` is too small.',
    meaning:
      '`encodeInto` writes into an array of yours, and the value does not fit into what is left of it.',
    example: [
      "import { compile, showIssue, utf8 } from 'nix-wire'",
      '',
      "const result = compile(utf8).encodeInto('tea', new Uint8Array(8), 0)",
      "if (result._tag === 'Left') {",
      '  console.log(showIssue(result.left))',
      '}',
      '// prints:',
      '// NoSpace at byte 0, (top level), in utf8: expected room for 16 bytes, got room for 8',
    ],
    rule: 'Nothing is written outside the target. What is already in it may be overwritten.',
    remedies: [
      '`size(value)` says how many bytes a value takes.',
      '`encode` makes an array of the right size.',
    ],
  },
  SourceFailed: {
    line: 'The source of the bytes failed.',
    meaning: 'The source of the bytes failed: a file, a socket, an iterator. `cause` is what it threw.',
    example: [
      "import { NixReader } from 'nix-wire/stream'",
      "import { showIssue, u8 } from 'nix-wire'",
      '',
      'const broken = async function* () {',
      '  yield new Uint8Array(4)',
      "  throw new Error('the connection was reset')",
      '}',
      '',
      'const result = await new NixReader(broken()).readValue(u8)()',
      "if (result._tag === 'Left') {",
      '  console.log(showIssue(result.left))',
      '}',
      '// prints:',
      '// SourceFailed at byte 4, (top level), in u8: expected more bytes, got the connection was reset',
    ],
    rule: 'What carries the bytes failed, and not what they say. The reader gives the same issue from then on.',
    remedies: [
      'Look at `cause`.',
      'In tests a `MockReader` that was asked for something else says so in `cause`.',
    ],
  },
  SinkFailed: {
    line: 'The target of the bytes failed.',
    meaning: 'The target of the bytes failed: a file, a socket, a stream. `cause` is what it threw.',
    example: [
      "import { NixWriter } from 'nix-wire/stream'",
      "import { showIssue, u8 } from 'nix-wire'",
      '',
      'const full = {',
      '  write: () => {',
      "    throw new Error('the disk is full')",
      '  },',
      '}',
      '',
      'const writer = new NixWriter(full)',
      'await writer.writeValue(u8, 7)()',
      'const result = await writer.flush()()',
      "if (result._tag === 'Left') {",
      '  console.log(showIssue(result.left))',
      '}',
      '// prints:',
      '// SinkFailed at byte 8, (top level), in stream: expected a sink that takes bytes, got the disk is full',
    ],
    rule: 'What carries the bytes failed, and not what they say. How many of them arrived is not known.',
    remedies: ['Look at `cause`.', 'Begin again on a new connection: half a message may have been sent.'],
  },
  Aborted: {
    line: 'An AbortSignal ended the read or the write.',
    meaning: 'An `AbortSignal` of yours ended the read or the write. `cause` is the reason of the signal.',
    example: [
      "import { NixReader } from 'nix-wire/stream'",
      "import { showIssue, u8 } from 'nix-wire'",
      '',
      "const signal = AbortSignal.abort(new Error('the page was closed'))",
      'const result = await new NixReader([new Uint8Array(8)], { signal }).readValue(u8)()',
      "if (result._tag === 'Left') {",
      '  console.log(showIssue(result.left))',
      '}',
      '// prints:',
      '// Aborted at byte 0, (top level), in u8: expected more bytes, got an abort: the page was closed',
    ],
    rule: 'What was read before the signal stays valid. The source is cancelled.',
    remedies: [
      'Nothing, if the program wanted that.',
      'A timeout: the peer may be waiting too. `nix-wire session` says who waits for whom.',
    ],
  },
} satisfies { readonly [T in IssueTag]?: IssueEntry }
