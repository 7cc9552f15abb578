import { describe, expect, test } from 'vitest'
import { commitOfBundle, leastBuildOf, percentOf, recipeFor, versionOf } from './llama-server-recipe'

const x64 = { platform: 'linux', arch: 'x64' }
const commit = 'de3ff815ea7d559ee917f063901b8986f038abc6'

describe('a recipe', () => {
  test('for the machine itself uses all that its processor can', () => {
    expect(recipeFor('linux-x64', x64)?.flags).toContain('-DGGML_NATIVE=ON')
  })

  test('for a Pi 5 uses what a Cortex-A76 has, and nothing of the machine that builds', () => {
    const flags = recipeFor('linux-arm64', x64)?.flags ?? []
    expect(flags).toContain('-DGGML_CPU_ARM_ARCH=armv8.2-a+dotprod+fp16')
    expect(flags).toContain('-DGGML_NATIVE=OFF')
  })

  test('on a Pi 5 for itself needs no other compiler than its own', () => {
    const { needs = [] } = recipeFor('linux-arm64', { platform: 'linux', arch: 'arm64' }) ?? {}
    expect(needs.map(({ program }) => program)).toEqual(['git', 'cmake', 'make', 'c++'])
  })

  test.each(['win32-x64', 'darwin-arm64', ''])('for %j on Linux there is none', (target) =>
    expect(recipeFor(target, x64)).toBeNull(),
  )

  test('takes more flags, after its own', () =>
    expect(recipeFor('linux-x64', x64, ['-DGGML_CUDA=ON'])?.flags.at(-1)).toBe('-DGGML_CUDA=ON'))
})

test.each([
  [`# v2 git bundle\n${commit} HEAD\n\nPACK`, commit],
  [`# v2 git bundle\n${commit} refs/tags/v0.5.0\n${commit} HEAD\n\nPACK`, commit],
  [`# v2 git bundle\n${commit} refs/tags/v0.5.0\n\nPACK`, null],
  ['version https://git-lfs.github.com/spec/v1', null],
  ['', null],
])('of the bundle that begins %j the commit is %s', (head, wanted) => expect(commitOfBundle(head)).toBe(wanted))

test.each([
  ['[  3%] Building CXX object', 3],
  ['[100%] Built target llama-server', 100],
  ['Scanning dependencies', null],
])('%j is %s percent of the way', (line, percent) => expect(percentOf(line)).toBe(percent))

test.each([
  ['version: 0.5.0 (build 1, commit de3ff81)\nbuilt with GNU', { version: '0.5.0', build: 1, commit: 'de3ff81' }],
  ['version: 9297 (abcdef0)\nbuilt with cc', { version: 'b9297', build: 9297, commit: 'abcdef0' }],
  ['llama-server: not found', null],
])('%j is read as %o', (said, version) => expect(versionOf(said)).toEqual(version))

describe('the build number that an engine has at least', () => {
  test.each([
    ['b9297', 9297, 9297],
    // a squashed copy of a release counts one commit: only the release says how far it is
    ['0.5.0', 1, 10_335],
    ['0.5.0-dev', 1, 10_335],
    ['1.0.0', 1, 10_335],
    ['0.5.0', 11_020, 11_020],
    // somewhere around the first one: not known
    ['0.1.0-dev', 1, null],
    ['of my own', 3, null],
  ])('of %s, build %i, is %s', (version, build, least) => expect(leastBuildOf({ version, build })).toBe(least))
})
