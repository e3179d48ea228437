import { writeFileSync } from 'node:fs'
import { projectPath } from '../support/shared.js'
import { licencesFile, licencesText } from './licences.js'

writeFileSync(projectPath(licencesFile), licencesText())
