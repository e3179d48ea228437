import { joined } from '../../../bytes/joined.js'
import { holds } from '../../../combinators/gate.js'
import { ordVersion } from '../../../combinators/version.js'
import { streamOf } from '../../../grammar/operations/operation.js'
import { operations } from '../../../grammar/operations/table.js'
import type { ValidPathInfo } from '../../../grammar/path-info.js'
import type { NARHash } from '../../../types/index.js'
import { inFrames } from '../bytes.js'
import type { Case, Outcome } from '../case.js'
import type { Added, Facts } from '../facts.js'
import { type FreshPath, freshPath, manyPaths } from '../samples.js'
import { asked, requestBytes, type Speech, type Upload } from '../speech.js'
import { anything, caseOf, formsOf, refusals, usual } from './make.js'

const method = { _tag: 'NixArchive', algorithm: 'sha256' } as const

/** An upload of AddToStore whose path is known beforehand. */
const adding = (
  facts: Facts,
  speech: Speech,
  id: string,
  title: string,
  upload: (nar: Uint8Array) => Upload,
  allows: ReadonlyArray<Outcome>,
  isWhole = true,
): Case => {
  const name = `nix-wire-${id}`
  const { info, nar } = freshPath(facts, name)
  const request = { name, method, references: [], repair: false }
  return caseOf(facts, {
    id: `5.AddToStore@${speech.agreed.version}.${id}`,
    section: 5,
    title: `AddToStore, ${title}`,
    level: 'write',
    speech,
    says: [asked(operations.AddToStore, speech.agreed, request, upload(nar))],
    allows,
    checks: (reply) =>
      !isWhole || (reply as { readonly path: string }).path === info.path
        ? null
        : 'another path than the one of its contents',
  })
}

const cuts: ReadonlyArray<number> = [1, 3, 7, 8, 9, 64]

const cutUploads = (facts: Facts): ReadonlyArray<Case> => {
  const speech = usual(facts)
  return streamOf(operations.AddToStore, speech.agreed)?.way === 'framed'
    ? [
        ...cuts.map((frame) =>
          adding(
            facts,
            speech,
            `frames-${frame}`,
            `frames of ${frame} bytes`,
            (content) => ({ content, frame }),
            ['answered'],
          ),
        ),
        adding(
          facts,
          speech,
          'cut-archive',
          'an archive that is not whole, in whole frames',
          (nar) => ({ content: nar.subarray(0, nar.length - 24) }),
          ['refused', 'refused and closed', 'closed'],
        ),
        adding(
          facts,
          speech,
          'no-frames',
          'no bytes at all, and the frame that ends them',
          () => ({ content: new Uint8Array(0) }),
          ['refused', 'refused and closed', 'closed'],
        ),
        adding(
          facts,
          speech,
          'more-in-frames',
          'more bytes behind the archive, in its frames',
          (nar) => ({ content: joined([nar, new Uint8Array(40)]) }),
          anything,
          // Some daemons hash all bytes in the frames.
          false,
        ),
      ]
    : []
}

/** A connection that ends inside an upload. */
const endedUploads = (facts: Facts): ReadonlyArray<Case> => {
  const name = 'nix-wire-ended'
  const { nar } = freshPath(facts, name)
  const request = { name, method, references: [], repair: false }
  return formsOf(operations.AddToStore, facts).flatMap((version) => {
    const speech = usual(facts, version)
    const { bytes } = asked(operations.AddToStore, speech.agreed, request, { content: nar, frame: 100 })
    return ([0.3, 0.6, 0.95] as const).map((part) =>
      caseOf(facts, {
        id: `5.AddToStore@${version}.end-${part * 100}`,
        section: 5,
        title: `AddToStore, and the connection ends ${part * 100} % into it`,
        level: 'write',
        speech,
        says: [{ bytes: bytes.subarray(0, Math.floor(bytes.length * part)), until: 'nothing' }],
        probed: false,
        allows: refusals,
      }),
    )
  })
}

interface Wrong {
  readonly id: string
  readonly title: string
  readonly change: (fresh: FreshPath) => ValidPathInfo
}

const wrongInfos: ReadonlyArray<Wrong> = [
  {
    id: 'hash',
    title: 'whose hash is another',
    change: ({ info }) => ({ ...info, info: { ...info.info, narHash: '0'.repeat(64) as NARHash } }),
  },
  {
    id: 'size',
    title: 'whose size is another',
    change: ({ info }) => ({ ...info, info: { ...info.info, narSize: info.info.narSize - 8n } }),
  },
]

/**
 * Archives that differ from their announcement: rejected at the end, and the connection goes on if frames show where
 * that is.
 */
const wrongArchives = (facts: Facts): ReadonlyArray<Case> =>
  wrongInfos.flatMap(({ id, title, change }) =>
    formsOf(operations.AddToStoreNar, facts).map((version) => {
      const speech = usual(facts, version)
      const fresh = freshPath(facts, `nix-wire-wrong-${id}-${version}`)
      const request = { info: change(fresh), repair: false, dontCheckSigs: true }
      return caseOf(facts, {
        id: `5.AddToStoreNar@${version}.${id}`,
        section: 5,
        title: `AddToStoreNar of an archive ${title}, at ${version}`,
        level: 'write',
        speech,
        says: [asked(operations.AddToStoreNar, speech.agreed, request, { content: fresh.nar })],
        allows: refusals,
      })
    }),
  )

/** The second of three paths is wrong: nothing after it may be taken for an operation. */
const wrongAmongMany = (facts: Facts): ReadonlyArray<Case> => {
  const speech = usual(facts)
  if (!holds(operations.AddMultipleToStore.gate, speech.agreed)) {
    return []
  }
  return wrongInfos.map(({ id, title, change }) => {
    const [one, two, three] = ['1', '2', '3'].map((each) => freshPath(facts, `nix-wire-many-${id}-${each}`))
    const paths = one && two && three ? [one, { ...two, info: change(two) }, three] : []
    const request = { repair: false, dontCheckSigs: true }
    return caseOf(facts, {
      id: `5.AddMultipleToStore.${id}`,
      section: 5,
      title: `AddMultipleToStore, the second of three ${title}`,
      level: 'write',
      speech,
      says: [
        asked(operations.AddMultipleToStore, speech.agreed, request, {
          content: manyPaths(facts, paths),
          frame: 50,
        }),
      ],
      allows: refusals,
    })
  })
}

/** A request that is rejected while its upload is being sent. */
const refusedUploads = (facts: Facts): ReadonlyArray<Case> => {
  const speech = usual(facts)
  const { agreed } = speech
  const { AddToStore } = operations
  if (streamOf(AddToStore, agreed)?.way !== 'framed') {
    return []
  }
  const name = 'nix-wire-refused'
  const { nar } = freshPath(facts, name)
  const frames = inFrames(nar, 20)
  return (['..', 'a/b', ''] as const).map((wrong, i) =>
    caseOf(facts, {
      id: `5.AddToStore@${agreed.version}.name-${i}`,
      section: 5,
      title: `AddToStore under a name that no path has (${JSON.stringify(wrong)}), with its upload`,
      level: 'write',
      speech,
      says: [
        {
          bytes: joined([
            requestBytes(AddToStore, agreed, { name: wrong, method, references: [], repair: false }),
            frames,
          ]),
          until: 'nothing',
        },
      ],
      together: true,
      allows: refusals,
    }),
  )
}

/** A client that requests an archive and leaves. */
const leftDownloads = (facts: Facts, { branch }: Added): ReadonlyArray<Case> => {
  const speech = usual(facts)
  return [
    caseOf(facts, {
      id: '5.NarFromPath.left',
      section: 5,
      title: 'NarFromPath, and the client leaves before the archive comes',
      level: 'write',
      speech,
      says: Array.from({ length: 200 }, () => ({
        ...asked(operations.NarFromPath, speech.agreed, { path: branch.path }),
        until: 'nothing' as const,
      })),
      together: true,
      probed: false,
      leaves: true,
      allows: [...anything, 'out of step'],
    }),
  ]
}

export const streamCases = (facts: Facts): ReadonlyArray<Case> =>
  facts.added === null
    ? []
    : [
        ...cutUploads(facts),
        ...endedUploads(facts),
        ...wrongArchives(facts).filter(({ version }) => ordVersion.compare(version, '1.17') >= 0),
        ...wrongAmongMany(facts),
        ...refusedUploads(facts),
        ...leftDownloads(facts, facts.added),
      ]
