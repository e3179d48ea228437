import { Dialog } from './dialog.js'

/** A module that has not been run yet. */
export interface GivenModule {
  readonly name: string
  readonly source: string
}

interface Props {
  readonly module: GivenModule
  readonly onLoad: (module: GivenModule) => void
  readonly onClose: () => void
}

/** Asks before a module is run, since it is code. */
export const ModuleDialog = ({ module, onLoad, onClose }: Props) => (
  <Dialog
    id="module-title"
    title={
      <>
        Run <bdi>{module.name}</bdi>?
      </>
    }
    submit="Run it"
    onSubmit={() => onLoad(module)}
    onClose={onClose}
  >
    <p>
      A module is code. It runs in this page, and sees what you look at here. Load it only if you trust who
      wrote it.
    </p>
  </Dialog>
)
