import { fuzz } from './command.js'

process.exitCode = await fuzz(process.argv.slice(2))
