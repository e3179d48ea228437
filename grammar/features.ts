import type { Gate } from '../combinators/gate.js'
import { feature } from '../types/nix-gates.js'

/**
 * Negotiated since Nix 2.35: realisations are identified by the derivation's path instead of a hash, and are sent as
 * records instead of JSON.
 */
export const realisationWithPath: Gate = feature('realisation-with-path-not-hash')

/**
 * Negotiated since Nix 2.35: the request of CollectGarbage has a record of what to delete instead of a set of paths.
 */
export const deleteDeadSpecificReferrers: Gate = feature('delete-dead-specific-referrers')

/** Since Nix 2.35, on sockets inside a build: the client sends no SetOptions after the handshake. */
export const disableSetOptions: Gate = feature('disable-set-options')

/** Since Nix 2.36, on sockets inside a build: AddToStoreScanning may be used. */
export const addToStoreScanning: Gate = feature('add-to-store-scanning')

/** Since Nix 2.36, on the sockets of `builder-rpc-v0`: SubmitOutput may be used. */
export const submitOutput: Gate = feature('submit-output')

/** Determinate Nix: QueryActiveBuilds may be used. */
export const queryActiveBuilds: Gate = feature('queryActiveBuilds')

/** Determinate Nix: AddTempRoots may be used. */
export const addTempRoots: Gate = feature('addTempRoots')

/** Determinate Nix: QueryPathInfos may be used. */
export const queryPathInfos: Gate = feature('queryPathInfos')

/** Determinate Nix: a path info has one more field, a JSON text on the origin of the path. */
export const provenance: Gate = feature('provenance')

/** Determinate Nix: path infos inside AddMultipleToStore have the form of the negotiated protocol, not that of 1.16. */
export const versionedAddToStoreMultiple: Gate = feature('versionedAddToStoreMultiple')
