import { render } from 'preact'
import { App } from './app.js'
import { firstSample, linked, servedModules } from './linked.js'
import './styles.css'

const page = document.getElementById('page')
if (page !== null) {
  render(<App first={firstSample()} linked={linked} modules={servedModules} />, page)
}
