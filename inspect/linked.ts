import type { GivenModule } from './components/module-dialog.js'
import { type Given, givenAs } from './input/files.js'
import { readFragment } from './input/fragment.js'
import { samples } from './samples.js'
import { defaults, fileSource, type Source, sourceOf, type Wanted } from './use-inspection.js'

/** What a visitor without a link sees. */
export const firstSample = (): Wanted => {
  const [sample] = samples
  if (sample === undefined) {
    throw new Error('there is no sample')
  }
  return {
    source: sourceOf(sample.title, sample.input()),
    settings: { ...defaults, ...sample.settings },
    selected: null,
  }
}

/** What the address says; null where it says nothing. */
export const linked = async (): Promise<Wanted | null> => {
  const shared = readFragment(location.hash)
  if (shared === null) {
    return null
  }
  const { input, served, selected } = shared
  const settings = { ...defaults, ...shared.settings }
  if (input !== null) {
    return { source: sourceOf('from a link', input), settings, selected }
  }
  const source = await servedSource(served)
  return { source: source ?? firstSample().source, settings, selected }
}

/** The files that `nix-wire inspect` serves beside the page. */
const servedSource = async (names: ReadonlyArray<string>): Promise<Source | null> => {
  if (!location.protocol.startsWith('http')) {
    return null
  }
  const [one, other] = await Promise.all(names.map((name, index) => fetched(name, index)))
  if (one === undefined) {
    return null
  }
  // The command line says which side is which, whatever the names are.
  return other === undefined
    ? fileSource(one).source
    : {
        kind: 'session',
        name: `${one.name}, ${other.name}`,
        client: one.bytes,
        server: other.bytes,
        moments: null,
        capture: null,
      }
}

/** The modules that `nix-wire inspect --module` serves: its command line has agreed to them. */
export const servedModules = async (): Promise<ReadonlyArray<GivenModule>> => {
  const names = readFragment(location.hash)?.modules ?? []
  return !location.protocol.startsWith('http')
    ? []
    : Promise.all(
        names.map(async (name, index) => {
          const { bytes, name: shown } = await fetched(name, index, 'modules')
          return { name: shown, source: new TextDecoder().decode(bytes) }
        }),
      )
}

const fetched = async (name: string, index: number, folder = 'files'): Promise<Given> => {
  const answer = await fetch(`./${folder}/${index}`)
  const given = givenAs(name, new Uint8Array(await answer.arrayBuffer()))
  if (!answer.ok) {
    throw new Error(`${given.name} is no longer served: start nix-wire inspect again`)
  }
  return given
}
