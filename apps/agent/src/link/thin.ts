import { addWork, type Work } from '@tradewind/protocol'
import type { Waiting } from './segment'

type Sample = { work?: Work }

/**
 * Half of the samples of waiting messages: every second one goes, the rest still tells the story, and the one before it
 * takes over the work that it told of. Never the one after: the hub may have stored what goes, and would count it twice.
 * Events stay.
 */
export function thin(messages: Waiting[]): Waiting[] {
  const all = messages.flatMap(samplesOf)
  let position = 0
  return messages.flatMap((message): Waiting[] => {
    const samples = samplesOf(message)
    if (samples.length === 0) return [message]
    const left = samples.flatMap((sample) => (position++ % 2 === 0 ? [withWorkOf(sample, all[position])] : []))
    return left.length > 0 ? [{ ...message, body: { ...message.body, samples: left } }] : []
  })
}

export const samplesIn = (messages: Waiting[]) => messages.reduce((sum, message) => sum + samplesOf(message).length, 0)

const samplesOf = ({ body }: Waiting): Sample[] => (Array.isArray(body.samples) ? body.samples : [])

const withWorkOf = (sample: Sample, next: Sample | undefined): Sample =>
  next?.work ? { ...sample, work: addWork(sample.work ?? {}, next.work) } : sample
