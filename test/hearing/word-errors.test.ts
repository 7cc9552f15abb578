import { type WordErrors, wordErrorRate, wordErrors } from '@tradewind/fleet'
import { HearingDevice, hearingRuntimes, pocketClips, pocketLoad } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const heldout = pocketClips('heldout')

/** A point: what finding speech, cutting and joining may cost. */
const mostLost = 0.01

describe.each(await hearingRuntimes())(
  '$name, on 120 clips of voices and speeds that the pocket model never heard',
  ({ name, runtime }) => {
    test.skipIf(!runtime)(
      'through the API it errs at most a point more than the bare engine',
      async () => {
        if (!runtime) return
        const device = await HearingDevice.start(runtime, pocketLoad())
        try {
          const bare: WordErrors[] = []
          const api: WordErrors[] = []
          for (const clip of heldout) {
            bare.push(wordErrors(clip.transcript, await device.hearBare(clip)))
            const heard = await device.hear(clip.bytes, { language: clip.lang, response_format: 'text' })
            api.push(wordErrors(clip.transcript, heard))
          }
          const percent = (all: WordErrors[]) => `${(100 * wordErrorRate(all)).toFixed(2)} %`
          console.log(`${name}: ${percent(api)} word errors through the API, ${percent(bare)} by the bare engine`)
          expect(wordErrorRate(api)).toBeLessThanOrEqual(wordErrorRate(bare) + mostLost)
          expect(wordErrorRate(bare)).toBeLessThan(0.12) // it hears at all
        } finally {
          await device.stop()
        }
      },
      300_000,
    )
  },
)
