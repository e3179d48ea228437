import { commandWords } from './arguments.js'
import { ended } from './fault.js'
import { run } from './program.js'

// Errors thrown where no command awaits them.
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => process.exit(ended(error)))
}

void run(commandWords()).then((exitCode) => {
  process.exitCode = exitCode
})
