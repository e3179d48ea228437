import { useRef } from 'preact/hooks'
import { type Sample, samples } from '../samples.js'
import { Menu } from './menu.js'
import { ThemeButton } from './theme.js'

interface Props {
  readonly name: string
  readonly onSample: (sample: Sample) => void
  readonly onFiles: (files: ReadonlyArray<File>) => void
  readonly onPaste: () => void
  readonly onShare: () => void
}

/** The current input, and the ways to open another one. */
export const InputBar = ({ name, onSample, onFiles, onPaste, onShare }: Props) => {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <header>
      <h1>nix-wire inspect</h1>
      <span class="source" data-testid="source">
        <bdi>{name}</bdi>
      </span>
      <nav aria-label="Input">
        <Menu label="Samples" name="samples">
          {(close) => (
            <ul>
              {samples.map((sample) => (
                <li key={sample.title}>
                  <button
                    type="button"
                    onClick={() => {
                      close()
                      onSample(sample)
                    }}
                  >
                    {sample.title}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Menu>
        <button type="button" class="primary" onClick={() => picker.current?.click()}>
          Open files…
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          data-testid="picker"
          onChange={({ currentTarget }) => {
            onFiles([...(currentTarget.files ?? [])])
            currentTarget.value = ''
          }}
        />
        <button type="button" onClick={onPaste}>
          Paste…
        </button>
        <button type="button" onClick={onShare}>
          Share
        </button>
        <ThemeButton />
      </nav>
    </header>
  )
}
