interface Props {
  /** From 0 to 1. */
  readonly read: number
  readonly isStopped: boolean
  readonly onStop: () => void
  readonly onGoOn: () => void
}

/** The progress of a long reading, which can be stopped. */
export const Progress = ({ read, isStopped, onStop, onGoOn }: Props) => {
  if (read === 1) {
    return null
  }
  const share = read === 0 ? '' : ` ${Math.floor(100 * read)} %`
  return (
    <div class="reading" data-testid="reading">
      <span role="status">{isStopped ? `Stopped:${share} is read.` : 'Reading…'}</span>
      {isStopped ? null : share}
      {isStopped ? (
        <button type="button" onClick={onGoOn}>
          Go on
        </button>
      ) : (
        <button type="button" onClick={onStop}>
          Stop
        </button>
      )}
    </div>
  )
}
