import type { HoldOptions } from '@tradewind/protocol'
import type { Target } from './steps'

/** For tests: a revision that asks for a build of one file. */
export const targetOf = (revision: number, build: string, options: Partial<HoldOptions> = {}): Target => ({
  revision,
  restart: 0,
  options: { context: 4096, slots: 1, cacheType: 'f16', microBatch: 512, pool: 'memory', ...options },
  build: {
    ...{ id: build, variant: 'e2b', quantisation: 'Q8_0', bitsPerWeight: 8.5, quantisationAware: false },
    ...{ engine: 'llama-server', hears: true, sees: false, demo: false },
    files: [
      {
        ...{
          role: 'weights',
          repository: 'somebody/some-model',
          commit: null,
          path: `${build}.gguf`,
          bytes: 100,
          exact: true,
        },
        ...{ sha256: Buffer.from(build.padEnd(32, '-')).toString('hex'), standing: 'confirmed', source: 'a test' },
      },
    ],
  },
})
