import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { ContentAddressMethodWithAlgo } from '../content-address.js'
import { addToStoreScanning } from '../features.js'
import { ValidPathInfo } from '../path-info.js'
import { Text } from '../strings.js'
import { operation } from './operation.js'

const Request = struct('AddToStoreScanningRequest', { name: Text, method: ContentAddressMethodWithAlgo })

/** The request of AddToStoreScanning. */
export interface AddToStoreScanningRequest extends TypeOf<typeof Request> {}

const request: Grammar<AddToStoreScanningRequest> = Request

/**
 * Sent from inside a build: adds a dump to the store, and lets the daemon find what it refers to.
 *
 * Versions: with the feature `add-to-store-scanning`. Source: the reference implementation.
 */
export const AddToStoreScanning = operation({
  id: 1001,
  name: 'AddToStoreScanning',
  summary: 'adds a dump and finds its references',
  since: '1.38',
  gate: addToStoreScanning,
  request,
  reply: ValidPathInfo,
  streams: [{ gate: addToStoreScanning, direction: 'upload', way: 'framed', content: 'Dump' }],
})
