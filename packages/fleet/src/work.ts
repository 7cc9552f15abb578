import type { Work } from '@tradewind/protocol'

/** Seconds of the engine for a second of sound: below 1 it hears faster than people speak. Null: nothing was heard. */
export const realTimeFactorOf = ({ hearingSeconds = 0, audioSeconds = 0 }: Work): number | null =>
  audioSeconds > 0 ? hearingSeconds / audioSeconds : null

/** How fast it wrote while it wrote. Null: nothing was written. */
export const tokensPerSecondOf = ({ generatedTokens = 0, generationSeconds = 0 }: Work): number | null =>
  generationSeconds > 0 ? generatedTokens / generationSeconds : null
