import type { PolicyName, Rule, UseCase } from '@tradewind/protocol'

/** The article's threshold, not Google's: from here on it calls a context long. Tokens. */
export const longContext = 80_000

type Bounds = Pick<Rule, 'from' | 'below'>
const short: Bounds = { below: longContext }
const long: Bounds = { from: longContext }
const any: Bounds = {}

const matrix =
  (policy: PolicyName) =>
  (useCase: UseCase, bounds: Bounds, choose: string[], accept: string[], because: string[]): Rule => ({
    policy,
    useCase,
    ...bounds,
    choose,
    accept,
    because,
  })

const article = matrix('article')
const evidence = matrix('evidence')

export const rules: Rule[] = [
  // To the letter. On long-document retrieval below 80,000 tokens it is silent.
  article('known-corpus-qa', any, ['e4b'], [], ['small-hallucinate-less', 'omniscience-small']),
  article('code', any, ['31b'], [], ['live-code-gap']),
  article('long-document-retrieval', long, ['31b'], [], ['mrcr', 'moe-80k']),
  article('transcription', any, ['e2b', 'e4b'], [], ['large-deaf']),
  article('commercial-at-scale', short, ['26b-a4b'], [], ['licence', '26b-a4b-use']),
  article('commercial-at-scale', long, ['31b'], [], ['licence', 'moe-80k']),
  article('on-device-translation', any, ['e2b'], [], ['e2b-use']),
  article('lightweight-multimodal', any, ['e4b'], [], ['e4b-use']),
  article('high-stakes-reasoning', any, ['31b'], [], ['31b-use']),

  // The same matrix, corrected where the evidence contradicts its reasons.
  evidence('known-corpus-qa', any, ['e4b'], [], ['omniscience-direction', 'omniscience-small']),
  evidence('code', short, ['31b'], ['26b-a4b'], ['live-code-gap']),
  evidence('code', long, ['31b'], [], ['live-code-gap', 'moe-loses-22']),
  evidence('long-document-retrieval', short, ['31b'], ['26b-a4b', '12b'], ['moe-80k', 'moe-cause']),
  evidence('long-document-retrieval', long, ['31b'], [], ['mrcr', 'moe-loses-22']),
  evidence('transcription', any, ['e2b', 'e4b'], [], ['large-deaf', '12b-limit']),
  evidence('commercial-at-scale', short, ['26b-a4b'], [], ['licence', '26b-a4b-use']),
  evidence('commercial-at-scale', long, ['31b'], ['26b-a4b'], ['licence', 'moe-80k']),
  evidence('on-device-translation', any, ['e2b'], ['e4b'], ['e2b-use']),
  evidence('lightweight-multimodal', any, ['e4b'], [], ['small-blind']),
  evidence('high-stakes-reasoning', any, ['31b'], [], ['31b-use', 'omniscience-31b']),
]
