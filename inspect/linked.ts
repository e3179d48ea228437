import type { GivenModule } from './components/module-dialog.js'
import { type Given, givenAs } from './input/files.js'
import { readFragment } from './input/fragment.js'
import { fileSource, nothing, type Source, sessionSource, sourceOf, type Wanted } from './input/source.js'
import { samples } from './samples.js'
import { defaults } from './use-inspection.js'

/** The sample for a visitor without a link. */
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

/** The contents of an address, and its problems. */
export interface Linked {
  readonly wanted: Wanted
  readonly problem: string | null
}

/** Whether the address names an input or settings. */
export const isLinked = (): boolean => location.hash.length > 1

/** The contents of the address. */
export const linked = async (): Promise<Linked> => {
  const { input, served, selected, settings: some, problem } = readFragment(location.hash)
  const settings = { ...defaults, ...some }
  if (input !== null) {
    return { wanted: { source: sourceOf('from a link', input), settings, selected }, problem }
  }
  const source = await servedSource(served)
  return { wanted: { source: source ?? nothing, settings, selected }, problem }
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
  // The command line says which side is which, so the names do not matter.
  return other === undefined ? fileSource(one).source : sessionSource(one, other)
}

/** The modules that `nix-wire inspect --module` serves, which its command line has allowed. */
export const servedModules = async (): Promise<ReadonlyArray<GivenModule>> => {
  const names = readFragment(location.hash).modules
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
