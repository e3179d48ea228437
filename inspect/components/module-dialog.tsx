import { useEffect, useRef } from 'preact/hooks'

/** A module before it has been run. */
export interface GivenModule {
  readonly name: string
  readonly source: string
}

interface Props {
  readonly module: GivenModule
  readonly onLoad: (module: GivenModule) => void
  readonly onClose: () => void
}

/** Asked before a module is run, since it is code. */
export const ModuleDialog = ({ module, onLoad, onClose }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="module-title" onClose={onClose}>
      <form method="dialog" onSubmit={() => onLoad(module)}>
        <h2 id="module-title">
          Run <bdi>{module.name}</bdi>?
        </h2>
        <p>
          A module is code. It runs in this page, and sees what you look at here. Load it only if you trust
          who wrote it.
        </p>
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Run it
          </button>
        </div>
      </form>
    </dialog>
  )
}
