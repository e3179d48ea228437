export interface NamedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A script whose value is a `DataTransfer` with these files. */
export const filesScript = (files: ReadonlyArray<NamedFile>): string => {
  const given = files.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString('base64') }))
  return `(() => {
    const transfer = new DataTransfer()
    for (const { name, text } of ${JSON.stringify(given)}) {
      transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name))
    }
    return transfer
  })()`
}

/** A script that drops files on the page. */
export const dropScript = (files: ReadonlyArray<NamedFile>): string =>
  `document.querySelector('main').dispatchEvent(
    new DragEvent('drop', { dataTransfer: ${filesScript(files)}, bubbles: true }),
  )`

/** A script that pastes a text outside of text fields. */
export const pasteScript = (text: string): string => `(() => {
  const clipboardData = new DataTransfer()
  clipboardData.setData('text/plain', ${JSON.stringify(text)})
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
})()`
