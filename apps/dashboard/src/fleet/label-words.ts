import type { Labels } from '@tradewind/protocol'

/** Labels as people write them: site=lyon,line=2. Null when they cannot be understood. */
export function readLabels(words: string): Labels | null {
  const labels: Labels = {}
  for (const word of words.split(',').filter((one) => one.trim() !== '')) {
    const [name = '', ...value] = word.split('=')
    if (name.trim() === '' || value.join('=').trim() === '') return null
    labels[name.trim()] = value.join('=').trim()
  }
  return labels
}

export const writeLabels = (labels: Labels) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
