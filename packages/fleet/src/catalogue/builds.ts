import type { Build, ModelFile, Standing } from '@tradewind/protocol'

/** A source and what is known of one of its files: commit, size, and the sha256 as far as it is known. */
type Known = { commit?: string; bytes: number; about?: true; sha256?: string; sources: 1 | 2 | 3 }

const file = (role: ModelFile['role'], repository: string, path: string, known: Known): ModelFile => ({
  role,
  repository,
  path,
  commit: known.commit ?? null,
  bytes: known.bytes,
  exact: known.about !== true,
  sha256: known.sha256 ?? null,
  standing: standingOf(known.sources),
  source: `${known.sources} published download ${known.sources === 1 ? 'list' : 'lists'}`,
})
const standingOf = (sources: number): Standing => (sources > 1 ? 'confirmed' : 'single-source')
const weights = (repository: string, path: string, known: Known) => file('weights', repository, path, known)
const projector = (repository: string, path: string, known: Known) => file('projector', repository, path, known)

const smallE2bProjector = projector('ggml-org/gemma-4-E2B-it-GGUF', 'mmproj-gemma-4-E2B-it-Q8_0.gguf', {
  commit: 'a1dac71d3ab220618f5a7573a52acdc4baf3ae3b',
  bytes: 557_367_776,
  sha256: '8a82e0fd831b',
  sources: 2,
})
/** F16 here; BF16 is advised for speech and of the same size, but nobody published its exact bytes. */
const e2bProjector = projector('unsloth/gemma-4-E2B-it-GGUF', 'mmproj-F16.gguf', { bytes: 985_654_080, sources: 2 })
const e4bProjector = projector('unsloth/gemma-4-E4B-it-GGUF', 'mmproj-F16.gguf', {
  bytes: 990_372_672,
  sha256: 'ddf46c21d707',
  sources: 1,
})
const smallE4bProjector = projector('ggml-org/gemma-4-E4B-it-GGUF', 'mmproj-gemma-4-E4B-it-Q8_0.gguf', {
  bytes: 559_874_528,
  sources: 1,
})
const moeWeights = weights('unsloth/gemma-4-26B-A4B-it-GGUF', 'gemma-4-26B-A4B-it-UD-Q4_K_M.gguf', {
  commit: 'c099eb48e663fd284577b04978a94ffccb261841',
  bytes: 16_947_541_728,
  sha256: 'f2c28b3dc477',
  sources: 2,
})
const denseWeights = weights('unsloth/gemma-4-31B-it-GGUF', 'gemma-4-31B-it-Q4_K_M.gguf', {
  bytes: 18_323_731_456,
  sha256: '9fdf3dc8b038',
  sources: 3,
})

/** Average bits of a weight, as the formats define them. */
const bits = { Q4_0: 4.5, Q4_K_M: 4.85, 'UD-Q4_K_XL': 4.9, 'UD-Q6_K_XL': 6.8, Q6_K: 6.56, Q8_0: 8.5, int4: 4.5 }

const plain = { quantisationAware: false, engine: 'llama-server', minimumEngineBuild: 9297 } as const
const trained = { ...plain, quantisationAware: true }
const multimodal = { hears: true, sees: true }
const visual = { hears: false, sees: true }
const textOnly = { hears: false, sees: false }
const of = (variant: string, quantisation: keyof typeof bits) => ({
  variant,
  quantisation,
  bitsPerWeight: bits[quantisation],
})

export const builds: Build[] = [
  {
    id: 'e2b-q8_0',
    ...of('e2b', 'Q8_0'),
    ...plain,
    ...multimodal,
    files: [
      weights('ggml-org/gemma-4-E2B-it-GGUF', 'gemma-4-E2B-it-Q8_0.gguf', { bytes: 4_967_494_592, sources: 2 }),
      e2bProjector,
    ],
  },
  {
    id: 'e2b-ud-q6_k_xl',
    ...of('e2b', 'UD-Q6_K_XL'),
    ...plain,
    ...multimodal,
    files: [
      weights('unsloth/gemma-4-E2B-it-GGUF', 'gemma-4-E2B-it-UD-Q6_K_XL.gguf', {
        bytes: 4_710_086_784,
        sha256: '23b9129abcd9',
        sources: 1,
      }),
      e2bProjector,
    ],
  },
  {
    id: 'e2b-q4_k_m',
    ...of('e2b', 'Q4_K_M'),
    ...plain,
    ...multimodal,
    files: [
      weights('unsloth/gemma-4-E2B-it-GGUF', 'gemma-4-E2B-it-Q4_K_M.gguf', {
        commit: '0314792d7f1f7e229411f620751375812bb9faf2',
        bytes: 3_106_738_272,
        sha256: '740185b21d22',
        sources: 2,
      }),
      e2bProjector,
    ],
  },
  {
    id: 'e2b-q4_0',
    ...of('e2b', 'Q4_0'),
    ...plain,
    ...multimodal,
    files: [
      weights('ggml-org/gemma-4-E2B-it-GGUF', 'gemma-4-E2B-it-Q4_0.gguf', {
        commit: 'b4243c156154b6dca9324415f8c7ccc098b4aed1',
        bytes: 2_841_481_184,
        sha256: '8e30dff3ac4c',
        sources: 3,
      }),
      smallE2bProjector,
    ],
  },
  {
    id: 'e2b-qat-q4_0',
    ...of('e2b', 'Q4_0'),
    ...trained,
    ...multimodal,
    files: [
      weights('google/gemma-4-E2B-it-qat-q4_0-gguf', 'gemma-4-E2B_q4_0-it.gguf', {
        commit: '1894d1fc0a19d86697abd40483f5983c867df03f',
        bytes: 3_349_514_112,
        sha256: '3646b4c147cd',
        sources: 2,
      }),
      smallE2bProjector,
    ],
  },
  {
    id: 'e2b-qat-ud-q4_k_xl',
    ...of('e2b', 'UD-Q4_K_XL'),
    ...trained,
    ...multimodal,
    files: [
      weights('unsloth/gemma-4-E2B-it-qat-GGUF', 'gemma-4-E2B-it-qat-UD-Q4_K_XL.gguf', {
        commit: 'db01ae3ceeca98487bf3569814f832f5023cd48c',
        bytes: 2_620_368_960,
        sha256: 'cd4526493dcc',
        sources: 1,
      }),
      smallE2bProjector,
    ],
  },
  {
    id: 'e2b-litert',
    ...of('e2b', 'int4'),
    ...multimodal,
    quantisationAware: true,
    engine: 'litert-lm',
    files: [
      weights('litert-community/gemma-4-E2B-it-litert-lm', 'gemma-4-E2B-it.litertlm', {
        bytes: 2_588_147_712,
        sources: 2,
        sha256: '181938105e0eefd105961417e8da75903eacda102c4fce9ce90f50b97139a63c',
      }),
    ],
    residentBytes: {
      value: 1_733e6,
      standing: 'confirmed',
      source: 'LiteRT-LM page: the highest of its peaks on CPUs',
    },
  },
  {
    id: 'e4b-q8_0',
    ...of('e4b', 'Q8_0'),
    ...plain,
    ...multimodal,
    files: [
      weights('unsloth/gemma-4-E4B-it-GGUF', 'gemma-4-E4B-it-Q8_0.gguf', {
        bytes: 8_192_951_456,
        sha256: 'a2232a649523',
        sources: 1,
      }),
      e4bProjector,
    ],
  },
  {
    id: 'e4b-q4_k_m',
    ...of('e4b', 'Q4_K_M'),
    ...plain,
    ...multimodal,
    files: [
      weights('unsloth/gemma-4-E4B-it-GGUF', 'gemma-4-E4B-it-Q4_K_M.gguf', {
        commit: 'bfc15c382204943c3a8fff0c750b94ae2364d7a3',
        bytes: 4_977_171_584,
        sha256: '85a896a04755',
        sources: 1,
      }),
      e4bProjector,
    ],
  },
  {
    id: 'e4b-q4_0',
    ...of('e4b', 'Q4_0'),
    ...plain,
    ...multimodal,
    files: [
      weights('ggml-org/gemma-4-E4B-it-GGUF', 'gemma-4-E4B-it-Q4_0.gguf', {
        commit: 'b8093469224f83f5c38f691eb906c380e9e63114',
        bytes: 4_590_807_392,
        sha256: 'a555b900214b',
        sources: 1,
      }),
      smallE4bProjector,
    ],
  },
  {
    id: 'e4b-litert',
    ...of('e4b', 'int4'),
    ...multimodal,
    quantisationAware: true,
    engine: 'litert-lm',
    files: [
      weights('litert-community/gemma-4-E4B-it-litert-lm', 'gemma-4-E4B-it.litertlm', {
        bytes: 3_659_530_240,
        sources: 1,
      }),
    ],
    residentBytes: {
      value: 3_283e6,
      standing: 'confirmed',
      source: 'LiteRT-LM page: the highest of its peaks on CPUs',
    },
  },
  {
    id: '12b-q4_k_m',
    ...of('12b', 'Q4_K_M'),
    ...plain,
    ...multimodal,
    minimumEngineBuild: 9493,
    files: [
      weights('unsloth/gemma-4-12b-it-GGUF', 'gemma-4-12b-it-Q4_K_M.gguf', {
        commit: 'fc034cfff751157913579611efad8462ac1be606',
        bytes: 7_121_861_440,
        sha256: '0a270ec9fe6b',
        sources: 1,
      }),
      projector('unsloth/gemma-4-12b-it-GGUF', 'mmproj-F16.gguf', { bytes: 175_115_840, sources: 1 }),
    ],
  },
  { id: '26b-a4b-ud-q4_k_m', ...of('26b-a4b', 'Q4_K_M'), ...plain, ...textOnly, files: [moeWeights] },
  {
    id: '26b-a4b-ud-q4_k_m-vision',
    ...of('26b-a4b', 'Q4_K_M'),
    ...plain,
    ...visual,
    files: [
      moeWeights,
      projector('unsloth/gemma-4-26B-A4B-it-GGUF', 'mmproj-F16.gguf', { bytes: 1_193_058_784, sources: 1 }),
    ],
  },
  {
    id: '26b-a4b-qat-ud-q4_k_xl',
    ...of('26b-a4b', 'UD-Q4_K_XL'),
    ...trained,
    ...textOnly,
    files: [
      weights('unsloth/gemma-4-26B-A4B-it-qat-GGUF', 'gemma-4-26B-A4B-it-qat-UD-Q4_K_XL.gguf', {
        bytes: 14_249_045_120,
        sha256: 'dcf179a91153',
        sources: 1,
      }),
    ],
  },
  { id: '31b-q4_k_m', ...of('31b', 'Q4_K_M'), ...plain, ...textOnly, files: [denseWeights] },
  {
    id: '31b-q4_k_m-vision',
    ...of('31b', 'Q4_K_M'),
    ...plain,
    ...visual,
    files: [
      denseWeights,
      projector('unsloth/gemma-4-31B-it-GGUF', 'mmproj-F16.gguf', { bytes: 1_198_957_024, sources: 1 }),
    ],
  },
  {
    id: '31b-qat-ud-q4_k_xl',
    ...of('31b', 'UD-Q4_K_XL'),
    ...trained,
    ...textOnly,
    files: [
      weights('unsloth/gemma-4-31B-it-qat-GGUF', 'gemma-4-31B-it-qat-UD-Q4_K_XL.gguf', {
        bytes: 17_300_000_000,
        about: true,
        sha256: '00b5a7c497f0',
        sources: 1,
      }),
    ],
  },
  {
    id: '31b-q6_k',
    ...of('31b', 'Q6_K'),
    ...plain,
    ...textOnly,
    files: [
      weights('unsloth/gemma-4-31B-it-GGUF', 'gemma-4-31B-it-Q6_K.gguf', {
        bytes: 25_201_484_800,
        sha256: 'abd0be03a2bc',
        sources: 1,
      }),
    ],
  },
]
