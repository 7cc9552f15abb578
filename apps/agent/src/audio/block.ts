/** A stretch of sound as a file holds it: a row of samples per channel, all equally long; `rate` in samples per second. */
export type Block = { rate: number; channels: Float32Array[] }

/** Its channels as one: their mean. */
export function mono({ channels }: Block): Float32Array {
  const [first = new Float32Array(0), ...others] = channels
  if (others.length === 0) return first
  const mean = Float32Array.from(first)
  for (const channel of others) for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (channel[i] ?? 0)
  for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) / channels.length
  return mean
}
