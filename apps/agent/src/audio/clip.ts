/** What every clip in the agent is sampled at, Hz: what Gemma 4 hears. */
export const sampleRate = 16_000

/** Sound as the models hear it: one channel at `sampleRate`, each sample within [-1, 1]. */
export type Clip = { samples: Float32Array; seconds: number }

export const clipOf = (samples: Float32Array): Clip => ({ samples, seconds: samples.length / sampleRate })
