/**
 * Readers and writers for streams, with mocks; frames; archives. Reads and writes are `TaskEither`s; under `promises`
 * each has the same as a promise, which rejects with an `IssueError`.
 *
 * What is iterated over, and what is a source or a sink itself, throws that error, since it cannot return one. So
 * does `unpack`, besides Node's errors and `TreeFailure`. `catchIssue` makes a `TaskEither` of such code. `NarParser`
 * and `NarWriter` are synchronous: their results say what is wrong.
 *
 * @module nix-wire/stream
 */
export * from './browser.js'
export { MeasuredNar, type MeasuringOptions } from './measured-nar.js'
export * from './nar/files.js'
