/**
 * An HTTP server that validates uploads: a path info, and the archive in frames, as a client of a daemon sends them. A
 * pipeline of `Either`: what is wrong first is the answer, with its byte and its field.
 *
 *     node --import tsx examples/validate-uploads.ts [PORT]
 *     curl --data-binary @examples/messages/upload-1.34.bin http://127.0.0.1:8080
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { either as E, function as F } from 'fp-ts'
import { compile, framed, type Issue, showFieldPath, struct, type TypeOf } from 'nix-wire'
import { Nar, ValidPathInfo } from 'nix-wire/grammar'
import { dissect, issueAt } from 'nix-wire/interpreters'

const Upload = struct('Upload', { announced: ValidPathInfo, archive: framed(Nar) })
type Upload = TypeOf<typeof Upload>

const protocol = { version: '1.34' } as const
const largest = 2 ** 24
// The canonical profile accepts only one form of each value.
const upload = compile(Upload, protocol, { profile: 'canonical', limits: { string: largest } })
const nar = compile(Nar)

/** What the grammar cannot know: that one field fits another. */
const matches =
  (
    bytes: Uint8Array,
    path: Issue['path'],
    expected: (value: Upload) => unknown,
    actual: (value: Upload) => unknown,
  ) =>
  (value: Upload): E.Either<Issue, Upload> =>
    expected(value) === actual(value)
      ? E.right(value)
      : E.left(
          issueAt(dissect(Upload, protocol, bytes), path, String(expected(value)), String(actual(value))),
        )

const archiveOf = ({ archive }: Upload): Uint8Array =>
  F.pipe(
    nar.encode(archive),
    E.getOrElse((): Uint8Array => new Uint8Array(0)),
  )

const validate = (bytes: Uint8Array): E.Either<Issue, Upload> =>
  F.pipe(
    upload.decode(bytes),
    E.chain(
      matches(
        bytes,
        ['announced', 'info', 'narSize'],
        (value) => BigInt(archiveOf(value).length),
        ({ announced }) => announced.info.narSize,
      ),
    ),
    E.chain(
      matches(
        bytes,
        ['announced', 'info', 'narHash'],
        (value) => createHash('sha256').update(archiveOf(value)).digest('hex'),
        ({ announced }) => announced.info.narHash,
      ),
    ),
  )

/** The body; null where it is too long. */
const bodyOf = async (request: IncomingMessage): Promise<Uint8Array | null> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largest) {
      return null
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const server = createServer(async (request, response) => {
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
  }
  // A client that left in the middle of an upload needs no reply.
  const body = await bodyOf(request).catch(() => undefined)
  if (body === undefined) {
    response.destroy()
  } else if (body === null) {
    answer(413, { expected: `at most ${largest} bytes` })
  } else {
    F.pipe(
      validate(body),
      E.match(
        ({ offset, path, expected, actual }) =>
          answer(422, { offset, path: showFieldPath(path), expected, actual }),
        ({ announced }) => answer(200, { path: announced.path, narSize: Number(announced.info.narSize) }),
      ),
    )
  }
})

server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
})
