import { Dialog } from './dialog.js'

const keys: ReadonlyArray<
  readonly [where: string, keys: ReadonlyArray<readonly [key: string, does: string]>]
> = [
  [
    'Anywhere',
    [
      ['/', 'find something'],
      ['F3, Shift F3', 'the next match, the previous one'],
      ['#', 'go to a byte'],
      ['?', 'these keys'],
    ],
  ],
  [
    'In the rows',
    [
      ['↑ ↓, Page up, Page down', 'another row'],
      ['Home, End', 'the first or last row'],
      ['→ ←', 'open or go in, close or go out'],
      ['Enter, Space', 'open or close'],
    ],
  ],
  [
    'In the bytes',
    [
      ['← → ↑ ↓, Page up, Page down', 'another byte'],
      ['Home, End', 'the first or last byte of the line; with Ctrl, of all lines'],
      ['Shift and any of these', 'choose bytes, to read or copy them'],
    ],
  ],
]

export const HelpDialog = ({ onClose }: { readonly onClose: () => void }) => (
  <Dialog id="keys-title" title="Keys" cancel="Close" onClose={onClose}>
    <div class="keys">
      {keys.map(([where, some]) => (
        <section key={where}>
          <h3>{where}</h3>
          <dl>
            {some.map(([key, does]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  </Dialog>
)
