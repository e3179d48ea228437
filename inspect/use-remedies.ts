import { useMemo } from 'preact/hooks'
import { messageOf } from '../combinators/show.js'
import { copied } from './handing-out.js'
import { type Hint, messageHint, type Remedy, sessionHint } from './input/hint.js'
import { sessionSource, swapped } from './input/source.js'
import { gunzipped } from './input/unpack.js'
import type { Inspection } from './use-inspection.js'
import type { useOpening } from './use-opening.js'

const pickFile = (onFile: (file: File) => void): void => {
  const picker = document.createElement('input')
  picker.type = 'file'
  picker.addEventListener('change', () => {
    const [file] = picker.files ?? []
    if (file !== undefined) {
      onFile(file)
    }
  })
  picker.click()
}

/** The hint for an input that cannot be read, and the action of its button. */
export const useRemedies = (
  it: Inspection,
  opening: ReturnType<typeof useOpening>,
): { readonly hint: Hint | null; readonly remedy: (remedy: Remedy) => void } => {
  const { source, input, loaded, settings } = it
  const isWrong = loaded?._tag === 'Loaded' && loaded.wrong !== null
  const hint = useMemo((): Hint | null => {
    if (!isWrong || input._tag !== 'Input') {
      return null
    }
    return source.kind === 'session'
      ? sessionHint(source)
      : source.kind === 'message' && input.input.kind === 'message'
        ? messageHint(source, input.input.bytes, settings.type)
        : null
  }, [source, input, isWrong, settings.type])

  const unpack = async (name: string, bytes: Uint8Array): Promise<void> => {
    const isNewest = it.begin()
    try {
      const unpacked = await gunzipped(bytes.slice())
      if (isNewest()) {
        opening.openFile({ name: name.replace(/\.gz$/, ''), bytes: unpacked })
      }
    } catch (error) {
      if (isNewest()) {
        opening.setNote(`${name} cannot be unpacked: ${messageOf(error)}`)
      }
    }
  }
  const encode = async (from: 'narinfo' | 'json', name: string, raw: Uint8Array): Promise<void> => {
    const isNewest = it.begin()
    const result = await it.encode(from, raw)
    if (!isNewest()) {
      return
    }
    if (result._tag === 'Refused') {
      opening.setNote(`${name} cannot be encoded: ${result.problem}`)
    } else {
      const { bytes, type } = result
      opening.open({ kind: 'message', name: `${name}, as ${type}`, raw: bytes, form: 'bytes' }, { type })
    }
  }
  const remedy = (remedy: Remedy): void => {
    switch (remedy._tag) {
      case 'ReadAs':
        opening.setNote(null)
        it.set({ type: remedy.type })
        return
      case 'ReadAsSide':
        if (input._tag === 'Input' && input.input.kind === 'message') {
          const [given, none] = [
            { name: source.name, bytes: input.input.bytes },
            { name: '', bytes: new Uint8Array(0) },
          ]
          opening.open(remedy.side === 'client' ? sessionSource(given, none) : sessionSource(none, given), {
            storeDir: '',
          })
        }
        return
      case 'AddSide':
        if (source.kind === 'session') {
          pickFile((file) => opening.addSide(source, remedy.side, file))
        }
        return
      case 'Swap':
        if (source.kind === 'session') {
          opening.open(swapped(source))
        }
        return
      case 'Unpack':
        if (input._tag === 'Input' && input.input.kind === 'message') {
          unpack(source.name, input.input.bytes)
        }
        return
      case 'Copy': {
        const isSame = it.unchanged()
        copied(remedy.text).then((isCopied) => {
          if (isSame()) {
            opening.setNote(isCopied ? `On the clipboard: ${remedy.text}` : remedy.text)
          }
        })
        return
      }
      case 'Encode':
        if (source.kind === 'message') {
          encode(remedy.from, source.name, source.raw)
        }
    }
  }
  return { hint, remedy }
}
