/**
 * Shown if the page is inside a frame of another page, which could redirect clicks and files. A page loaded from a file
 * cannot forbid frames itself.
 */
export const Framed = () => (
  <p class="framed">
    This page does not work inside another one.{' '}
    <a href={location.href} target="_blank" rel="noreferrer">
      Open it by itself
    </a>
  </p>
)
