import { render } from 'preact'
import { App } from './app.js'
import { Framed } from './components/framed.js'
import { Places } from './input/places.js'
import { firstSample, isLinked, linked, servedModules } from './linked.js'
import './styles.css'
import './styles/rows.css'
import './styles/bytes.css'
import './styles/finding.css'
import './styles/panes.css'

const page = document.getElementById('page')
if (page !== null && globalThis.top !== globalThis.self) {
  render(<Framed />, page)
} else if (page !== null) {
  const places = new Places()
  const first = isLinked() || places.here() !== null ? null : firstSample()
  render(<App first={first} places={places} linked={linked} modules={servedModules} />, page)
}
