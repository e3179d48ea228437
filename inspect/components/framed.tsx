/** In the place of the page inside another one, which could lead clicks and files astray. A file cannot forbid frames itself. */
export const Framed = () => (
  <p class="framed">
    This page does not work inside another one.{' '}
    <a href={location.href} target="_blank" rel="noreferrer">
      Open it by itself
    </a>
  </p>
)
