import { expect } from 'chai'
import fc from 'fast-check'
import { none, some } from 'fp-ts/lib/Option.js'
import { Nar, type NarNode } from '../../grammar/nar.js'
import { compile } from '../../interpreters/index.js'
import {
  ListingBuilder,
  type ListingNode,
  listingIssues,
  listingOf,
  parseListing,
  parseListingNode,
  printListing,
  printListingNode,
} from '../../store/listing/index.js'
import { type NarEvent, narEvents } from '../../stream/nar/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { archive, chunkSizes, cut, directory, eventsOf, file, narNode, words } from '../support/nar.js'

const executable = words('(', 'type', 'regular', 'executable', '', 'contents', '#!/bin/sh\n', ')')
const link = (target: string) => words('(', 'type', 'symlink', 'target', target, ')')

const tree = archive(
  directory(
    ['abs', link('/etc/passwd')],
    ['bin', directory(['run', executable])],
    ['empty', directory()],
    ['link', link('bin/run')],
    ['q"\\\n\u001b', file('y')],
    ['zero', file('')],
    ['ö', file('hello\n')],
  ),
)

// What `nix copy --to 'file://…?write-nar-listing=1'` of Nix 2.34.8 wrote for that tree.
const listing =
  '{"root":{"entries":{"abs":{"target":"/etc/passwd","type":"symlink"},"bin":{"entries":{"run":' +
  '{"executable":true,"narOffset":600,"size":10,"type":"regular"}},"type":"directory"},' +
  '"empty":{"entries":{},"type":"directory"},"link":{"target":"bin/run","type":"symlink"},' +
  '"q\\"\\\\\\n\\u001b":{"narOffset":1192,"size":1,"type":"regular"},' +
  '"zero":{"narOffset":1384,"size":0,"type":"regular"},"ö":{"narOffset":1568,"size":6,"type":"regular"}},' +
  '"type":"directory"},"version":1}'

// The same of Nix 2.8.0.
const oldListing =
  '{"version":1,"root":{"type":"directory","entries":{"abs":{"type":"symlink","target":"/etc/passwd"},' +
  '"bin":{"type":"directory","entries":{"run":{"type":"regular","size":10,"executable":true,"narOffset":600}}},' +
  '"empty":{"type":"directory","entries":{}},"link":{"type":"symlink","target":"bin/run"},' +
  '"q\\"\\\\\\n\\u001b":{"type":"regular","size":1,"narOffset":1192},' +
  '"zero":{"type":"regular","size":0,"narOffset":1384},"ö":{"type":"regular","size":6,"narOffset":1568}}}}'

const listed = async (bytes: Uint8Array, sizes: ReadonlyArray<number> = [4096]): Promise<ListingNode> =>
  rightOf(await listingOf(narEvents(cut(bytes, sizes)))())

const narOf = (root: NarNode): Buffer => Buffer.from(rightOf(compile(Nar).encode({ root })))

/** The tree of an archive, with its contents from where the listing says that they are. */
const treeOf = (node: ListingNode, bytes: Uint8Array): NarNode => {
  switch (node.type) {
    case 'regular': {
      const at = node.narOffset._tag === 'Some' ? node.narOffset.value : -1
      return { type: 'regular', executable: node.executable, contents: bytes.slice(at, at + node.size) }
    }
    case 'symlink':
      return node
    case 'directory':
      return {
        type: 'directory',
        entries: [...node.entries].map(([name, each]) => ({ name, node: treeOf(each, bytes) })),
      }
  }
}

/** The same without places, as of a store that has no archive. */
const placeless = (node: ListingNode): ListingNode => {
  switch (node.type) {
    case 'regular':
      return { ...node, narOffset: none }
    case 'symlink':
      return node
    case 'directory':
      return {
        type: 'directory',
        entries: new Map([...node.entries].map(([name, each]) => [name, placeless(each)])),
      }
  }
}

describe('the listing of an archive', () => {
  it('is the same as that of Nix, byte for byte', async () => {
    expect(printListing(await listed(tree))).to.equal(listing)
    expect(printListingNode(await listed(tree))).to.equal(
      listing.slice('{"root":'.length, -',"version":1}'.length),
    )
  })

  it('is read, with the members in any order', async () => {
    const expected = await listed(tree)
    for (const text of [
      listing,
      oldListing,
      Buffer.from(listing),
      ` ${oldListing.replaceAll(':{', ' : {\n')} `,
    ]) {
      expect(rightOf(parseListing(text))).to.deep.equal(expected)
    }
  })

  it('says where the contents of each file are, however the archive is cut', async () => {
    await fc.assert(
      fc.asyncProperty(narNode, chunkSizes, async (root, sizes) => {
        const bytes = narOf(root)
        const node = await listed(bytes, sizes)
        expect(narOf(treeOf(node, bytes))).to.deep.equal(bytes)
      }),
    )
  })

  it('is the same when it is printed and read', () => {
    fc.assert(
      fc.property(narNode, (root) => {
        const builder = new ListingBuilder()
        for (const event of eventsOf(root)) {
          rightOf(builder.write(event))
        }
        const node = rightOf(builder.finish())
        const text = printListing(node)
        expect(rightOf(parseListing(text))).to.deep.equal(node)
        expect(printListing(rightOf(parseListing(text)))).to.equal(text)
        // Not only by our reader.
        const { root: json, version } = JSON.parse(text) as { root: unknown; version: number }
        expect([json, version]).to.deep.equal([JSON.parse(printListingNode(node)), 1])
        expect(listingIssues(node, node)).to.deep.equal([])
        const bare = placeless(node)
        expect(rightOf(parseListingNode(printListingNode(bare)))).to.deep.equal(bare)
        expect(listingIssues(bare, node)).to.deep.equal([])
      }),
    )
  })

  it('has names that are not UTF-8: as bytes like Nix 2.8, and escaped', async () => {
    const node = await listed(archive(directory([Buffer.from([0x61, 0xff]), file('x')])))
    const written = Buffer.from(
      '{"type":"directory","entries":{"a\xff":{"type":"regular","size":1,"narOffset":232}}}',
      'latin1',
    )
    expect(rightOf(parseListingNode(written))).to.deep.equal(node)
    expect(printListingNode(node)).to.contain('"a\\udcff"')
    expect(rightOf(parseListingNode(printListingNode(node)))).to.deep.equal(node)
  })

  it('keeps names that every JavaScript object has as members', async () => {
    const node = await listed(archive(directory(['__proto__', file('')], ['constructor', directory()])))
    expect([...(node.type === 'directory' ? node.entries.keys() : [])]).to.deep.equal([
      '__proto__',
      'constructor',
    ])
    expect(rightOf(parseListing(printListing(node)))).to.deep.equal(node)
  })

  it('rejects events that no archive has', () => {
    const file: NarEvent = { _tag: 'regular', executable: false, size: 2 }
    const bytes = (length: number): NarEvent => ({ _tag: 'contents', bytes: new Uint8Array(length) })
    const open: NarEvent = { _tag: 'directory' }
    const close: NarEvent = { _tag: 'directoryEnd' }
    const entry: NarEvent = { _tag: 'entry', name: 'a' }
    const link: NarEvent = { _tag: 'symlink', target: 'a' }
    const broken: ReadonlyArray<readonly [ReadonlyArray<NarEvent>, string]> = [
      [[], 'a node: regular, symlink or directory'],
      [[bytes(1)], 'a node: regular, symlink or directory'],
      [[entry], 'a node: regular, symlink or directory'],
      [[close], 'a node: regular, symlink or directory'],
      [[file], 'contents, 2 more bytes of them'],
      [[file, bytes(1)], 'contents, 1 more bytes of them'],
      [[file, bytes(3)], 'contents, 2 more bytes of them'],
      [[file, link], 'contents, 2 more bytes of them'],
      [[file, bytes(2), bytes(0)], 'no more events: the archive is over'],
      [[link, link], 'no more events: the archive is over'],
      [[open], 'entry or directoryEnd'],
      [[open, link], 'entry or directoryEnd'],
      [[open, entry], 'a node: regular, symlink or directory'],
      [[open, entry, entry], 'a node: regular, symlink or directory'],
      [[open, entry, close], 'a node: regular, symlink or directory'],
      [[open, entry, file, close], 'contents, 2 more bytes of them'],
      [[open, close, close], 'no more events: the archive is over'],
      [[{ _tag: 'nothing' } as unknown as NarEvent], 'a node: regular, symlink or directory'],
    ]
    for (const [events, expected] of broken) {
      const builder = new ListingBuilder()
      events.map((event) => builder.write(event))
      expect(issueOf(builder.finish())).to.include({ _tag: 'Unrepresentable', expected })
    }
    const twice = new ListingBuilder()
    for (const event of [open, entry, link, entry]) {
      twice.write(event)
    }
    expect(issueOf(twice.finish())).to.include({ _tag: 'DuplicateKey', actual: '"a"' })
  })

  it('has no more nodes than the limit', async () => {
    const nodes = archive(directory(['a', file('')], ['b', file('')]))
    const limited = (maxNodes: number) => listingOf(narEvents([nodes]), { maxNodes })()
    expect((await limited(3))._tag).to.equal('Right')
    expect(issueOf(await limited(2))).to.deep.include({ _tag: 'LimitExceeded', maximum: 2, path: ['b'] })
    expect(() => new ListingBuilder({ maxNodes: 0 })).to.throw(RangeError)
  })

  it('has the issue of a broken archive', async () => {
    expect(issueOf(await listingOf(narEvents([tree.subarray(0, 700)]))())).to.include({
      _tag: 'UnexpectedEnd',
    })
  })

  it('keeps the order of an unsorted archive', async () => {
    const unsorted = archive(directory(['b', file('1')], ['a', file('')]))
    const node = rightOf(await listingOf(narEvents([unsorted], { lenient: { unsorted: true } }))())
    expect(printListingNode(node)).to.equal(
      '{"entries":{"a":{"narOffset":424,"size":0,"type":"regular"},"b":{"narOffset":232,"size":1,"type":"regular"}},"type":"directory"}',
    )
  })
})

describe('an invalid listing', () => {
  const root = '{"root":'
  const file = '{"narOffset":96,"size":5,"type":"regular"}'
  const deep = (levels: number): string =>
    `${'{"type":"directory","entries":{"a":'.repeat(levels)}${file}${'}}'.repeat(levels)}`

  // Each with the issue, the byte and the path.
  const broken: ReadonlyArray<readonly [text: string, offset: number, path: ReadonlyArray<string>]> = [
    ['', 0, []],
    ['[]', 0, []],
    ['{}', 0, []],
    [`${root}${file}}`, 0, []],
    ['{"version":1}', 0, []],
    [`{"version":2,${root.slice(1)}${file}}`, 11, ['version']],
    [`{"version":1.0,${root.slice(1)}${file}}`, 11, ['version']],
    [`${root}${file},"version":1}x`, 63, []],
    [`${root}${file},"version":1`, 62, []],
    [`${root}${file} "version":1}`, 51, []],
    [`${root}${file},"version" 1}`, 61, []],
    [`${root}${file},}`, 51, []],
    [`${root}${file},${root.slice(1)}${file},"version":1}`, 51, ['root']],
    [`${root}{"type":"pot"},"version":1}`, 16, ['root', 'type']],
    [`${root}{"type":7},"version":1}`, 16, ['root', 'type']],
    [`${root}{},"version":1}`, 8, ['root']],
    [`${root}{"type":"regular"},"version":1}`, 8, ['root']],
    [`${root}{"type":"symlink"},"version":1}`, 8, ['root']],
    [`${root}{"type":"symlink","target":""},"version":1}`, 35, ['root', 'target']],
    [`${root}{"type":"directory"},"version":1}`, 8, ['root']],
    [`${root}{"size":-1,"type":"regular"},"version":1}`, 16, ['root', 'size']],
    [`${root}{"size":1e3,"type":"regular"},"version":1}`, 16, ['root', 'size']],
    [`${root}{"size":9007199254740992,"type":"regular"},"version":1}`, 16, ['root', 'size']],
    [`${root}{"size":01,"type":"regular"},"version":1}`, 17, ['root']],
    [`${root}{"size":"5","type":"regular"},"version":1}`, 16, ['root', 'size']],
    [`${root}{"size":5,"size":5,"type":"regular"},"version":1}`, 18, ['root', 'size']],
    [`${root}{"executable":null,"size":5,"type":"regular"},"version":1}`, 22, ['root', 'executable']],
    // The shallow form of `nix nar ls --json`, which has no types of the entries.
    [`${root}{"entries":{"ö":{}},"type":"directory"},"version":1}`, 25, ['root', 'entries', 'ö']],
    [`${root}{"entries":{"..":${file}},"type":"directory"},"version":1}`, 20, ['root', 'entries', '..']],
    [`${root}{"entries":{"a/b":${file}},"type":"directory"},"version":1}`, 20, ['root', 'entries', 'a/b']],
    [
      `${root}{"entries":{"\\udc41":${file}},"type":"directory"},"version":1}`,
      20,
      ['root', 'entries', '\udc41'],
    ],
    [
      `${root}{"entries":{"a":${file},"\\u0061":${file}},"type":"directory"},"version":1}`,
      67,
      ['root', 'entries', 'a'],
    ],
    [`${root}{"entries":{"a\n":${file}},"type":"directory"},"version":1}`, 22, ['root', 'entries']],
    [`${root}{"entries":{"a\\x":${file}},"type":"directory"},"version":1}`, 22, ['root', 'entries']],
    [`${root}{"entries":{"a`, 22, ['root', 'entries']],
    [`{"more":${'['.repeat(300)}`, 263, ['more']],
  ]
  for (const [text, offset, path] of broken) {
    it(`is rejected at its byte: ${text.slice(0, 70)}`, () => {
      const issue = issueOf(parseListing(text))
      expect([issue.offset, issue.path]).to.deep.equal([offset, path])
      expect([issue.line, issue.column, issue.grammar]).to.deep.equal([1, offset + 1, 'Listing'])
    })
  }

  it('is rejected if it is one level deeper than archives may be', () => {
    expect(parseListingNode(deep(63))._tag).to.equal('Right')
    expect(issueOf(parseListingNode(deep(64)))).to.include({
      expected: 'at most 63 directories above a node',
    })
  })

  it('may have unknown members', () => {
    const text = `{"more":[1,{"a":[]},"b",null,-1.5e3],${root.slice(1)}{"size":5,"x":{"y":[true]},"type":"regular"},"version":1}`
    expect(rightOf(parseListing(text))).to.deep.equal({
      type: 'regular',
      size: 5,
      executable: false,
      narOffset: none,
    })
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.string({ maxLength: 3 }), fc.nat(3), (at, other, cut) => {
        const text = listing.slice(0, at) + other + listing.slice(at + cut)
        const read = parseListing(text)
        if (read._tag === 'Left') {
          expect(read.left.offset).to.be.within(0, Buffer.byteLength(text))
        }
      }),
    )
  })
})

describe('a listing and another archive', () => {
  it('are compared node by node', async () => {
    const one = await listed(tree)
    const other = await listed(
      archive(
        directory(
          ['abs', link('/etc/shadow')],
          ['bin', file('#!/bin/sh\n')],
          ['empty', directory(['more', file('')])],
          ['q"\\\n\u001b', file('y')],
          ['zero', executable],
          ['ö', file('hello\n')],
        ),
      ),
    )
    expect(
      listingIssues(one, other).map(({ path, expected, actual }) => [path, expected, actual]),
    ).to.deep.equal([
      [['abs'], 'a symbolic link to "/etc/passwd"', 'a symbolic link to "/etc/shadow"'],
      [['bin'], 'a directory', 'a file of 10 bytes'],
      [['empty', 'more'], 'nothing', 'a file of 0 bytes'],
      [['link'], 'a symbolic link to "bin/run"', 'nothing'],
      [['q"\\\n\u001b'], 'a file of 1 bytes at 1192', 'a file of 1 bytes at 984'],
      [['zero'], 'a file of 0 bytes at 1384', 'an executable file of 10 bytes at 1208'],
      [['ö'], 'a file of 6 bytes at 1568', 'a file of 6 bytes at 1408'],
    ])
    const small = { type: 'regular', size: 1, executable: false, narOffset: none } as const
    expect(listingIssues(small, { ...small, narOffset: some(96) })).to.deep.equal([])
  })
})
