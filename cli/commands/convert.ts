import { basename } from 'node:path'
import { Command } from 'commander'
import type { Side } from '../../session/events.js'
import { MessageSlicer, type Slice } from '../../session/recording/messages.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import type { RecordedStep } from '../../session/recording/step.js'
import { Failure } from '../failure.js'
import { showName } from '../nar/show.js'
import { countArgument } from '../numbers.js'
import { writeOutput } from '../output-file.js'
import { captureSteps, pairSteps } from '../session/steps.js'

interface Options {
  readonly out: string
  readonly connection?: number
  readonly storeDir?: string
}

// Wireshark takes at most 256 KiB of one message, so longer ones are split into packets anyway.
const longestMessage = 2 ** 18

export const convertCommand = (): Command =>
  new Command('convert')
    .summary('turn a recorded connection into another kind of recording')
    .description(
      'Makes one pcapng file from the two files of a recording, or from a file of sockdump, with a packet\n' +
        'for each message; or two files from a pcapng or pcap file. A name that ends in .pcapng is that of a\n' +
        'pcapng file.',
    )
    .argument('<recording>', 'a pcapng or pcap file, or a file with the bytes of the client')
    .argument('[server]', 'a file with the bytes of the daemon, if the first has those of the client only')
    .requiredOption('-o, --out <name>', 'NAME.pcapng, or NAME for NAME.client.bin and NAME.server.bin')
    .option('-c, --connection <n>', 'which connection, if a file has several', countArgument)
    .option('-s, --store-dir <dir>', 'store directory of both sides (default: what the traffic shows)')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire convert build.client.bin build.server.bin -o build.pcapng
  $ nix-wire convert build.pcapng -o build
  $ nix-wire convert dump.pcap --connection 2 -o second.pcapng
  $ wireshark build.pcapng

Files of bytes have no times, and neither has a pcapng file made from them. The time of a message is that of its last byte; the
bytes of an upload or a download stay as they came. An existing file is overwritten after everything has been read.

Exit codes: 0 done; 1 the recording is damaged, or lacks bytes; 2 the command line is wrong.`,
    )
    .action(convert)

const convert = async (recording: string, server: string | undefined, options: Options): Promise<void> => {
  const { out, connection, storeDir } = options
  if (server !== undefined && connection !== undefined) {
    throw new Failure(2, '--connection is for a file with several connections')
  }
  const slicer = slicerFor(storeDir)
  const only = connection === undefined ? null : connection - 1
  const steps = () => (server === undefined ? captureSteps(recording, only) : pairSteps(recording, server))
  if (out.endsWith('.pcapng')) {
    await writeOutput(out, pcapng(steps(), basename(out, '.pcapng'), slicer))
    return
  }
  if (server !== undefined) {
    throw new Failure(2, `two files of bytes become a pcapng file: name it ${showName(out)}.pcapng`)
  }
  for (const side of ['client', 'server'] as const) {
    await writeOutput(`${out}.${side}.bin`, sideBytes(steps(), side, recording))
  }
}

const slicerFor = (storeDir: string | undefined): MessageSlicer => {
  try {
    return new MessageSlicer(longestMessage, storeDir)
  } catch (error) {
    throw new Failure(2, error instanceof Error ? error.message : String(error))
  }
}

/** The file, in pieces. */
async function* pcapng(
  steps: AsyncIterable<RecordedStep>,
  name: string,
  slicer: MessageSlicer,
): AsyncGenerator<Uint8Array, void> {
  const writer = new RecordingWriter(name)
  const written = (slices: ReadonlyArray<Slice>): ReadonlyArray<Uint8Array> =>
    slices.map(({ side, bytes, at, about }) => writer.bytes(side, bytes, at, about))
  yield writer.start()
  for await (const step of steps) {
    switch (step.kind) {
      case 'bytes':
        yield* written(slicer.push(step.side, step.bytes, step.at))
        break
      case 'end':
        yield* written(slicer.end(step.side))
        yield writer.end(step.side, step.how, step.at)
        break
      case 'gap':
        yield* written(slicer.end(step.side))
        slicer.lose()
        writer.skip(step.side, step.missing)
    }
  }
  for (const side of ['client', 'server'] as const) {
    yield* written(slicer.end(side))
  }
}

/** The bytes that one side sent. */
async function* sideBytes(
  steps: AsyncIterable<RecordedStep>,
  side: Side,
  path: string,
): AsyncGenerator<Uint8Array, void> {
  for await (const step of steps) {
    if (step.side === side && step.kind === 'bytes') {
      yield step.bytes
    } else if (step.kind === 'gap') {
      throw new Failure(1, `${showName(path)}: ${step.missing} bytes of the ${step.side} are missing in it`)
    }
  }
}
