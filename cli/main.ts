import { commandWords } from './arguments.js'
import { ended } from './fault.js'
import { run } from './program.js'

// What is thrown where no command waits for it.
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => process.exit(ended(error)))
}

void run(commandWords()).then((exitCode) => {
  process.exitCode = exitCode
})
