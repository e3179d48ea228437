import { concat, int, padded } from '../support/wire.js'

/** A conversation of the serve protocol by hand: each command once, and what a server answers. */

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'
const drv = `${path}.drv`
const hash = '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527'
const prefixed = 'sha256:09ymwqf5i9q7d4dm7x4pjjcqqj0qrcp5lnznbh42gfsci5hcbqqm'

/** An archive of a file. */
export const nar = concat(
  ...['nix-archive-1', '(', 'type', 'regular', 'contents', 'tea', ')'].map((word) => padded(word)),
)

const one = (text: string): Uint8Array => concat(int(1), padded(text))

/** What `nix-store --export` makes of a path without references. */
const exported = concat(int(1), nar, int(0x4558494e), padded(path), int(0), int(0), int(0))

const info = (version: number): Uint8Array =>
  concat(
    int(0),
    one(path),
    int(nar.length),
    int(nar.length),
    ...(version >= 4 ? [padded(prefixed), int(0), one('k:AA==')] : []),
  )

const options = (version: number): Uint8Array =>
  concat(
    int(60),
    int(600),
    ...(version >= 2 ? [int(1024)] : []),
    ...(version >= 3 ? [int(0), int(0)] : []),
    ...(version >= 7 ? [int(1)] : []),
  )

const result = (version: number): Uint8Array =>
  concat(
    int(0),
    int(0),
    ...(version >= 3 ? [int(1), int(0), int(30), int(50)] : []),
    ...(version >= 8 ? [int(1), padded('out'), padded(path), int(0)] : version >= 6 ? [int(0)] : []),
  )

/** A command: what the client says, and what the server does. */
export interface Turn {
  readonly name: string
  readonly client: ReadonlyArray<Uint8Array>
  readonly server: ReadonlyArray<Uint8Array>
}

/** Each command at version 2.`version`; AddToStoreNar since 2.5. */
export const turnsAt = (version: number): ReadonlyArray<Turn> => [
  { name: 'QueryValidPaths', client: [int(1), int(1), int(0), one(path)], server: [one(path)] },
  {
    name: 'QueryPathInfos',
    client: [int(2), one(path)],
    server: [padded(path), info(version), padded(path), info(version), int(0)],
  },
  { name: 'DumpStorePath', client: [int(3), padded(path)], server: [nar] },
  { name: 'ImportPaths', client: [int(4), exported, exported, int(0)], server: [int(1)] },
  { name: 'ExportPaths', client: [int(5), int(0), one(path)], server: [exported, int(0)] },
  { name: 'BuildPaths', client: [int(6), one(drv), options(version)], server: [int(0)] },
  {
    name: 'BuildPaths',
    client: [int(6), one(`${drv}!out`), options(version)],
    server: [int(100), padded('no')],
  },
  { name: 'QueryClosure', client: [int(7), int(1), one(path)], server: [one(path)] },
  {
    name: 'BuildDerivation',
    client: [int(8), padded(drv), ...Array(6).fill(int(0)), options(version)],
    server: [result(version)],
  },
  ...(version < 5
    ? []
    : [
        {
          name: 'AddToStoreNar',
          client: [
            int(9),
            padded(path),
            int(0),
            padded(hash),
            one(path),
            int(30),
            int(nar.length),
            int(0),
            int(0),
            int(0),
            nar,
          ],
          server: [int(1)],
        },
      ]),
]

/** The handshake of a newer client with a server of version 2.`version`. */
export const greeting = (version: number): Turn => ({
  name: 'handshake',
  client: [int(0x390c9deb), int(0x2ff)],
  server: [int(0x5452eecb), int(0x200 + version)],
})
