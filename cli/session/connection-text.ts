import { type ConnectionEvent, isServeEvent } from '../../session/timed/session-reader.js'
import { type EventAbout, eventText } from '../session-text.js'
import { serveText } from './serve-text.js'

/** An event of a connection of either protocol, for people; values are folded unless `all` is set. */
export const connectionText = (event: ConnectionEvent, all: boolean, about: EventAbout = {}): string =>
  isServeEvent(event) ? serveText(event, all, about) : eventText(event, all, about)

/** Whether an event is a progress event. */
export const isProgress = ({ kind }: ConnectionEvent): boolean =>
  kind === 'started' || kind === 'message' || kind === 'begun'
