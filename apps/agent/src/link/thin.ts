import type { Waiting } from './segment'

/** Half of the samples of waiting messages: every second one goes, the rest still tells the story. Events stay. */
export function thin(messages: Waiting[]): Waiting[] {
  let position = 0
  return messages.flatMap((message): Waiting[] => {
    const samples = samplesOf(message)
    if (samples.length === 0) return [message]
    const left = samples.filter(() => position++ % 2 === 0)
    return left.length > 0 ? [{ ...message, body: { ...message.body, samples: left } }] : []
  })
}

export const samplesIn = (messages: Waiting[]) => messages.reduce((sum, message) => sum + samplesOf(message).length, 0)

const samplesOf = ({ body }: Waiting): unknown[] => (Array.isArray(body.samples) ? body.samples : [])
