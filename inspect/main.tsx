import { render } from 'preact'
import { App } from './app.js'
import { firstSample, linked } from './linked.js'
import './styles.css'

const page = document.getElementById('page')
if (page !== null) {
  render(<App first={firstSample()} linked={linked} />, page)
}
