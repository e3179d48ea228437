import { holds, since } from '../../combinators/gate.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { activityFields, resultFields } from '../../grammar/log-fields.js'
import type { LogMessage } from '../../grammar/logging.js'

const telling: ReadonlySet<LogMessage['_tag']> = new Set(['StartActivity', 'StopActivity', 'Result'])

/**
 * The issue of the log of a completed operation; null if there is none. An activity is opened once and closed once,
 * each within its operation; messages about it come in between; fields have the types of their message.
 */
export const wrongInLog = (log: ReadonlyArray<LogMessage>, version: ProtocolVersion): string | null => {
  if (!holds(since('1.20'), { version, features: [] })) {
    const early = log.find(({ _tag }) => telling.has(_tag))
    return early === undefined ? null : `${early._tag}, which clients below 1.20 do not know`
  }
  const open = new Set<bigint>()
  for (const message of log) {
    switch (message._tag) {
      case 'StartActivity': {
        const { id, type, fields, parent } = message
        if (open.has(id)) {
          return `activity ${id} is opened, and is open`
        }
        if (parent !== 0n && !open.has(parent)) {
          return `activity ${id} is part of ${parent}, which is not open`
        }
        if (typeof type === 'string' && activityFields(type, fields)._tag === 'Raw') {
          return `the fields of activity ${id} are not those of ${type}`
        }
        open.add(id)
        break
      }
      case 'StopActivity':
        if (!open.delete(message.id)) {
          return `activity ${message.id} is closed, and is not open`
        }
        break
      case 'Result': {
        const { id, type, fields } = message
        if (!open.has(id)) {
          return `something is told of activity ${id}, which is not open`
        }
        if (typeof type === 'string' && resultFields(type, fields)._tag === 'Raw') {
          return `the fields of a result are not those of ${type}`
        }
        break
      }
      default:
    }
  }
  const [left] = open
  return left === undefined ? null : `activity ${left} is still open when the operation is done`
}
