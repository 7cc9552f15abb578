import { type Offer, remedyOf, sentenceOf } from '@tradewind/fleet'
import type { UnplacedRow } from '@tradewind/store'

export type UnplacedShown = Pick<UnplacedRow, 'deviceId' | 'deviceName' | 'atMs' | 'kind' | 'workloadId' | 'build'> & {
  /** why, in sentences without a full stop, and what would lift each */
  words: string[]
  needs: string[]
  /** codes with their numbers, for who wants them */
  numbers: string[]
  /** what would do instead, and is never given unasked */
  offer: string | null
}

/** A device that nothing can be placed on, in the words of fleet. */
export function explainUnplaced({
  deviceId,
  deviceName,
  atMs,
  kind,
  workloadId,
  build,
  detail,
}: UnplacedRow): UnplacedShown {
  const about = { deviceId, deviceName, atMs, kind, workloadId, build }
  if ('workloads' in detail) {
    const words = [`${detail.workloads.join(' and ')} have the same priority, ${detail.priority}, so neither counts`]
    return {
      ...about,
      words,
      needs: ['one of them to have a higher priority, or other labels'],
      numbers: [],
      offer: null,
    }
  }
  const { refusals, offer } = detail
  return {
    ...about,
    words: refusals.map(sentenceOf),
    needs: refusals.map(remedyOf),
    numbers: refusals.map(({ code, ...numbers }) =>
      [code, ...Object.entries(numbers).map(([name, value]) => `${name} ${value}`)].join(' '),
    ),
    offer: offer && offer.build !== build ? offerWords(offer) : null, // of the same build `needs` says it
  }
}

const offerWords = ({ build, needs }: Offer) =>
  needs === 'another-engine'
    ? `${build}, with its engine on the device`
    : `${build}, which is not what the policy wants`
