import { decode } from '@tradewind/agent/audio/decode'
import { checkFiles } from '@tradewind/agent/engine/check-files'
import { findLlamaServer } from '@tradewind/agent/engine/llama-server-build'
import { NativeRuntime } from '@tradewind/agent/engine/native'
import { openAiServer } from '@tradewind/agent/engine/openai-server'
import { profiles } from '@tradewind/agent/engine/openai-server-profiles'
import type { Runtime } from '@tradewind/agent/engine/runtime'
import type { SupervisedEngine } from '@tradewind/agent/engine/supervised'
import { speechPrompts, type WordErrors, wordErrorRate, wordErrors } from '@tradewind/fleet'
import { HearingDevice, type PocketClip, pocketClips, pocketLanguages, pocketLoad } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const llamaServer = await findLlamaServer(process.env.TRADEWIND_ENGINES)
const runtimes: [string, (() => Runtime) | null][] = [
  ['llama-node', () => new NativeRuntime('llama-node')],
  [
    'llama-server',
    llamaServer &&
      (() => openAiServer({ profile: profiles['llama-server'], program: llamaServer.program, checkFiles })),
  ],
]
const heldout = pocketClips('heldout')

/** A point: what finding speech, cutting and joining may cost. */
const mostLost = 0.01

describe.each(runtimes)('%s, on 120 clips of voices and speeds that the pocket model never heard', (name, runtime) => {
  test.skipIf(!runtime)(
    'through the API it errs at most a point more than the bare engine',
    async () => {
      if (!runtime) return
      const device = await HearingDevice.start(runtime(), pocketLoad())
      try {
        const bare: WordErrors[] = []
        const api: WordErrors[] = []
        for (const clip of heldout) {
          bare.push(wordErrors(clip.transcript, await bareHearing(device.engine, clip)))
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
})

/** The whole clip, by the same prompt, with nothing of ours between. */
async function bareHearing(engine: SupervisedEngine, clip: PocketClip): Promise<string> {
  const decoded = await decode(clip.bytes, { mostSeconds: 60 })
  if (!decoded.ok) throw new Error(decoded.refusal.message)
  let text = ''
  const request = {
    turns: [
      {
        role: 'user' as const,
        parts: [
          { is: 'sound' as const, samples: decoded.clip.samples },
          { is: 'text' as const, text: speechPrompts.transcribe(pocketLanguages[clip.lang]) },
        ],
      },
    ],
    mostTokens: 64,
    temperature: 0,
  }
  for await (const piece of engine.generate(request)) if (piece.is === 'text') text += piece.text
  return text
}
