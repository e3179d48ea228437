import { type Sample, samples } from '../samples.js'

interface Props {
  /** Why nothing is shown. */
  readonly reason: string
  readonly onSample: (sample: Sample) => void
}

/** Shown without an input: the ways to open one. */
export const Start = ({ reason, onSample }: Props) => (
  <section class="start" aria-labelledby="start-title">
    <h2 id="start-title">{reason}</h2>
    <p>
      Open or drop a message, the two files of a session, or a recording (<code>.pcapng</code>); or paste hex,
      base64 or a hex dump. Nothing leaves this page.
    </p>
    <p id="start-samples">Or look at one of these first:</p>
    <ul aria-labelledby="start-samples">
      {samples.map((sample) => (
        <li key={sample.title}>
          <button type="button" onClick={() => onSample(sample)}>
            {sample.title}
          </button>
        </li>
      ))}
    </ul>
  </section>
)
