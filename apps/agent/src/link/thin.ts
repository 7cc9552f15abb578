import type { Waiting } from './segment'

/**
 * Half of the samples of waiting messages: every second one goes, the rest still tells the story. Events stay.
 * Returns what is left and how many samples went.
 */
export function thin(messages: Waiting[]): { kept: Waiting[]; dropped: number } {
  let position = 0
  let dropped = 0
  const kept = messages.flatMap((message): Waiting[] => {
    if (message.leaf !== 'telemetry') return [message]
    const samples = message.body.samples as unknown[]
    const left = samples.filter(() => position++ % 2 === 0)
    dropped += samples.length - left.length
    return left.length > 0 ? [{ ...message, body: { ...message.body, samples: left } }] : []
  })
  return { kept, dropped }
}
