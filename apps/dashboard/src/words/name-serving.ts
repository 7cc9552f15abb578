import type { Serving, ServingState } from '@tradewind/protocol'

export const servingNames: Record<ServingState, string> = {
  cold: 'Cold',
  loading: 'Loading',
  ready: 'Ready',
  draining: 'Ending',
  failed: 'Failed',
}

export const servingMeanings: Record<ServingState, string> = {
  cold: 'The model is not in memory; it is loaded when it is needed.',
  loading: 'The model is being read into memory.',
  ready: 'The model is in memory and answers.',
  draining: 'What runs may end; nothing new begins.',
  failed: 'The engine is not there.',
}

const failures: Record<string, string> = {
  'killed-by-signal': 'Something on the device killed the engine.',
  'out-of-memory': 'The system killed the engine because memory ran out.',
  'killed-likely-by-android': 'The engine was killed, likely by Android: there is no record of memory running out.',
  ended: 'The engine ended by itself.',
  hung: 'The engine stopped answering, and was ended.',
  'bad-file': 'A file of the model is broken or of another kind than it says.',
  unsupported: 'The engine cannot run this build.',
  'engine-missing': 'The engine is not installed on the device.',
  'load-timeout': 'Loading the model took too long.',
}

export const explainFailure = (code: string) => failures[code] ?? 'The engine failed.'

/** Why a clip cannot be heard now, or null when it can. Say the device's name. */
export function whyDeaf(name: string, online: boolean, serving: Serving | null): string | null {
  if (!online) return `Possible while ${name} is online.`
  if (!serving) return `${name} serves no model yet, so there is nothing to hear with.`
  if (serving.state === 'ready' || serving.state === 'cold') return null
  if (serving.state === 'loading') return `${name} is loading ${serving.label}. Try it when that is ready.`
  if (serving.state === 'draining') return `${name} is ending what runs. Try it when it serves again.`
  return `${serving.label} is not there: ${explainFailure(serving.failure?.code ?? '')}`
}
