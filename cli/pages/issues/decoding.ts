import type { IssueTag } from '../../../combinators/issue.js'
import type { IssueEntry } from './entry.js'

/** The issues of decoding. */
export const decodingIssues = {
  UnexpectedEnd: {
    line: 'The input ends before the message does.',
    meaning:
      'The input ends before the message does. The bytes so far may be right: `missing` says how many more are needed at ' +
      'least. Here a text announces five bytes, and three follow.',
    example: { grammar: 'utf8', given: { bytes: '0500000000000000 746561' } },
    rule:
      'An integer has eight bytes. A text has its length, its bytes and zeros up to a multiple of eight. A list has as many ' +
      'items as its count says.',
    remedies: [
      'Bytes that still arrive: use `NixReader` of `nix-wire/stream`, which waits for the rest.',
      'A file or a recording: it was cut, or the copy is not complete.',
      'A length or a count that is far too large: the reading lost its place before. Look at the bytes in front of it with ' +
        '`nix-wire dissect`, and check the protocol version (`-p`).',
    ],
  },
  InvalidText: {
    line: 'A text breaks the rules of its format.',
    meaning:
      'A text breaks the rules of its format: a store path, a hash, a signature, a name. `position` is the byte of the text ' +
      'at which it goes wrong. Here a path is not absolute.',
    example: {
      grammar: 'G.StorePath',
      given: { bytes: '0900000000000000 6574632f686f7374 7300000000000000' },
    },
    rule: 'Each format has its rule on the [page of the protocol](../protocol.md), at the name of its grammar.',
    remedies: [
      'Paths are below another directory than `/nix/store`: give it, as `--store-dir` or as `storeDir` of the protocol.',
      'The text belongs to another field: the reading lost its place before. Check the protocol version and the fields in front.',
      'A text of a person or of another program: check it first, with `StorePath.make` and the like of `nix-wire/types`.',
    ],
  },
  NotUtf8: {
    line: 'A text is not UTF-8.',
    meaning:
      'A text is not UTF-8. `position` is the first byte that does not fit. Nothing is replaced, because the same bytes must ' +
      'come out again.',
    example: { grammar: 'utf8', given: { bytes: '0400000000000000 636166e900000000' } },
    rule: 'UTF-8 without overlong forms and without surrogates, as the Unicode standard has it.',
    remedies: [
      'The sender writes Latin-1 or another encoding: convert it there.',
      'Any bytes may come here, as in file names and logs: write the field as `escapedText` or as `paddedBytes`.',
    ],
  },
  LimitExceeded: {
    line: 'A length, a count or a depth is over the limit of the decoder.',
    meaning:
      'A length, a count or a depth is over the limit of the decoder. `limit` names it and `maximum` is its value. Nothing is ' +
      'allocated for what is only announced.',
    example: { grammar: 'listOf(u8)', given: { bytes: '0000000000010000' } },
    rule: 'The limits and their defaults are in [limits and security](../guide/limits-and-security.md).',
    remedies: [
      'Texts of ASCII show as huge numbers: the peer speaks another protocol, or the reading lost its place.',
      'The message is right and that large: raise the limit, as in `compile(grammar, protocol, { limits: { collection: 2 ** 25 } })`.',
    ],
  },
  NonZeroPadding: {
    line: 'A padding byte is not zero.',
    meaning: 'A padding byte is not zero. The offset is that of the first such byte.',
    example: { grammar: 'utf8', given: { bytes: '0300000000000000 7465610000000001' } },
    rule: 'The bytes between the end of a text and the next multiple of eight are zeros; every release of Nix checks it.',
    remedies: [
      'The sender does not pad: it must write `(8 - length % 8) % 8` zeros.',
      'The sender does not clear its buffer: old bytes leak into the padding. That is a leak of memory to the peer.',
    ],
  },
  OutOfRange: {
    line: 'An integer is outside the range of its type.',
    meaning:
      'An integer is outside the range of its type. All integers have eight bytes on the wire, and most types have less.',
    example: { grammar: 'u8', given: { bytes: '0001000000000000' } },
    rule: 'The range is in the name of the grammar, and on the page of each type (`nix-wire grammar TYPE`).',
    remedies: [
      'The integer looks like text: this is not a stream of the protocol, or the reading lost its place.',
      'A negative number: the field is signed for the sender. In a grammar of your own use `i32` or `i64`.',
    ],
  },
  UnknownTag: {
    line: 'A tag is none of the known cases.',
    meaning: 'A tag is none of the known cases, so the decoder cannot know what follows.',
    example: { grammar: 'G.BuildMode', given: { bytes: '0700000000000000' } },
    rule: 'The cases of a choice and their numbers are on the page of its type (`nix-wire grammar BuildMode`).',
    remedies: [
      'A newer peer has a case that this version does not know: negotiate the older version, or update.',
      'In a grammar of your own `openEnumOf`, or the last argument of `tagged`, keeps the unknown tags.',
    ],
  },
  UnexpectedValue: {
    line: 'A constant field has another value.',
    meaning:
      'A field that must have one value has another one, such as the magic number at the start of a connection.',
    example: {
      grammar: "struct('Hello', { magic: literal(u32, 0x72746877), id: u8 })",
      given: { bytes: '6f63000000000000 0300000000000000' },
    },
    rule: 'The constant is on the page of the type. A field that no longer means anything is ignored, and has no such issue.',
    remedies: [
      'The number of a handshake: the peer speaks another protocol, or client and daemon are swapped.',
      'Elsewhere: the reading lost its place before this field.',
    ],
  },
  InvalidValue: {
    line: 'The value breaks a rule of the grammar.',
    meaning:
      'The bytes have the right form, and the value breaks a rule of the grammar: the predicate of a `refine` or the function ' +
      'of an `imap` rejected it. `expected` has the rule in words.',
    example: {
      grammar: "refine(u8, 'an even number', (n) => n % 2 === 0)",
      given: { bytes: '0300000000000000' },
    },
    rule: 'The words of the rule are on the page of the type.',
    remedies: [
      'Look at the value with `nix-wire dissect`, which shows it as it came.',
      'Two fields that must agree, such as a size and an archive: the sender computed one of them wrongly.',
    ],
  },
  DuplicateKey: {
    line: 'A key of a map, or a member of a set, comes twice.',
    meaning:
      'A key of a map, or a member of a set, comes twice. Only the canonical profile rejects that; the compatible one keeps ' +
      'one of them, as Nix does. When encoding both profiles reject it.',
    example: {
      grammar: 'setOf(u8)',
      given: { bytes: '0200000000000000 0500000000000000 0500000000000000' },
      more: "{}, { profile: 'canonical' }",
    },
    rule: 'Sets and maps are written in ascending order, each member and each key once.',
    remedies: [
      'Remove the duplicate in the sender.',
      'To read what Nix reads use the compatible profile, the default.',
    ],
  },
  NotCanonical: {
    line: 'The bytes have a meaning, but not the form in which the encoder writes it.',
    meaning:
      'The bytes have a meaning, but not the form in which the encoder writes it. Only the canonical profile rejects that. ' +
      'Here a boolean is 2.',
    example: {
      grammar: 'G.Bool64',
      given: { bytes: '0200000000000000' },
      more: "{}, { profile: 'canonical' }",
    },
    rule: 'One value has one form. [Two profiles](../../README.md#two-profiles) lists what differs.',
    remedies: [
      'To read what Nix reads use the compatible profile, the default.',
      'To clean up bytes decode them in the compatible profile and encode the value again.',
    ],
  },
  TrailingBytes: {
    line: 'The message is complete and bytes are left.',
    meaning: 'The message is complete and bytes are left. The offset is that of the first of them.',
    example: { grammar: 'u8', given: { bytes: '0300000000000000 0400000000000000' } },
    rule: '`decode` reads exactly one message.',
    remedies: [
      'Another version has more fields: `nix-wire decode` says which version or type the bytes fit. Give it with `-p`.',
      'Several messages one after another: `nix-wire decode --many`, or `NixReader`, which leaves the rest for the next read.',
      'One message in the middle of others: [decode at an offset](../recipes/decode-at-an-offset.md).',
    ],
  },
  FramesEnd: {
    line: 'The frames end inside the value.',
    meaning:
      'The frames are over, and the value inside them is not. Here an integer has three of its eight bytes.',
    example: { grammar: 'framed(u64)', given: { bytes: '0300000000000000 070000 0000000000000000' } },
    rule: 'Frames are a length and as many bytes, again and again; a length of 0 ends them. They may be cut anywhere.',
    remedies: [
      'The sender writes the end frame too early, or forgets to flush its last buffer.',
      'The sender broke off on purpose: a connection that is to be given up ends with a length that no frame has.',
    ],
  },
} satisfies { readonly [T in IssueTag]?: IssueEntry }
