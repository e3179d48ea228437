import { type Sample, samples } from '../samples.js'

interface Props {
  /** Why there is nothing to see. */
  readonly reason: string
  readonly onSample: (sample: Sample) => void
}

/** In the place of bytes and fields, if there are none: what can be done. */
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
