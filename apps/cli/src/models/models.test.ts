import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { decide, explain, gemma4 } from '@tradewind/fleet'
import { Catalogue, Facts } from '@tradewind/protocol'
import { testFolder } from '@tradewind/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ScriptedApi } from '../scripted-api'
import { now, tradewind } from '../scripted-terminal'
import captured from './hosts.json'

const say = (...args: string[]) => tradewind(args, { env: {} })
const json = async (...args: string[]) => JSON.parse((await say(...args, '--json')).out)

describe('tradewind models', () => {
  test('shows each variant with what it gave up, and each build with whether it may be assigned', async () => {
    const { exitCode, out } = await say('models')
    expect(exitCode).toBe(0)
    for (const { id } of [...gemma4.variants, ...gemma4.builds]) expect(out).toContain(id)
    expect(out).toMatch(/DeepSeek +mit +free for commercial use/)
    expect(out).toMatch(/26b-a4b .*degrades, does not fail/)
    expect(out).toMatch(/e2b-q4_0 +llama-server +3\.17 GiB +0 of 2: not assignable yet/)
  })

  test('prints the catalogue for programs', async () => {
    expect(Catalogue.parse(await json('models'))).toEqual(gemma4)
  })

  test('compares two variants figure by figure', async () => {
    const { out } = await say('models', 'compare', 'e2b', '31b')
    expect(out).toMatch(/hearing +yes +no/)
    expect(out).toMatch(/LiveCodeBench v6 \(%\) +44 +80 +confirmed +Gemma 4 model card/)
    const { gained, lost, figures } = await json('models', 'compare', 'e2b', '31b')
    expect([gained, lost]).toEqual([['hears'], ['long-context']])
    expect(figures.find(({ name }: { name: string }) => name === 'liveCodeBench6')).toMatchObject({
      here: 44,
      there: 80,
    })
  })

  test('knows what a file adds', async () => {
    const file = path.join(testFolder('catalogue'), 'more.json')
    const [variant] = gemma4.variants
    writeFileSync(file, JSON.stringify({ variants: [{ ...variant, id: 'e3b', name: 'Gemma 4 E3B' }] }))
    expect((await say('models', '--catalogue', file)).out).toContain('e3b')
    expect((await say('models', 'compare', 'e2b', 'e3b', '--catalogue', file)).exitCode).toBe(0)
  })

  test.each([
    ['is no JSON', 'models', 'catalogue-unusable'],
    ['is not shaped so', '{"variants":[{"id":"e3b"}]}', 'variants.0.name'],
    [
      'contradicts itself',
      '{"speeds":[{"on":"x","what":"cpu","variant":"e9b","engine":"mlx","bitsPerWeight":4,"generationPerSecond":1,"standing":"confirmed","source":"me"}]}',
      'variant-unknown (e9b)',
    ],
  ])('refuses a file that %s', async (_, text, why) => {
    const file = path.join(testFolder('catalogue'), 'bad.json')
    writeFileSync(file, text)
    const { exitCode, error } = await say('models', '--catalogue', file)
    expect(exitCode).toBe(1)
    expect(error).toContain(why)
    expect(error).toContain('docs/placement.md')
  })
})

describe('with a hub', () => {
  let api: ScriptedApi
  const signedIn = (...args: string[]) =>
    tradewind(args, { env: { TRADEWIND_URL: api.url, TRADEWIND_API_TOKEN: 'twp_x' } })
  beforeEach(async () => {
    api = await ScriptedApi.start()
    const [first] = gemma4.builds
    const own = first && { ...first, id: 'e2b-of-ours' }
    api.on('GET /catalogue', { ...gemma4, builds: [...gemma4.builds, own] })
  })
  afterEach(() => api.stop())

  test('tradewind models shows the catalogue of the hub, with what people added to it', async () => {
    expect((await signedIn('models')).out).toContain('e2b-of-ours')
    expect((await signedIn('models', '--built-in')).out).not.toContain('e2b-of-ours')
    expect((await signedIn('estimate', '--ram', '16GB', '--variant', 'e2b')).out).toContain('e2b-of-ours')
  })

  test('a dashboard that refuses is told of, not passed over', async () => {
    api.refuses('GET /catalogue', 401, {
      code: 'unauthorised',
      message: 'You are not signed in.',
      next: 'Sign in, or send an API token.',
    })
    const { exitCode, error } = await signedIn('models')
    expect([exitCode, error]).toEqual([1, expect.stringContaining('You are not signed in.')])
  })

  test('tradewind models devices says how many devices can run each variant, and which can run one', async () => {
    api.on('GET /models?context=8192', {
      devices: 40,
      variants: [
        { variant: 'e2b', able: 38, context: { least: 8192, most: 131072 }, refusedBy: { 'memory-short': 2 } },
        { variant: '31b', able: 0, context: null, refusedBy: { 'memory-short': 40 } },
      ],
    })
    const all = (await signedIn('models', 'devices', '--context', '8192')).out
    expect(all).toMatch(/e2b +38 of 40 +8,192 tokens to 131,072 tokens +memory-short: 2/)
    expect(all).toMatch(/31b +0 of 40 +memory-short: 40/)
    const nobody = { can: false, build: 'e2b-q4_0', longestContext: null, speed: null }
    api.on('GET /models/e2b/devices?context=4096&limit=1000', {
      able: 0,
      total: 1,
      devices: [{ id: 'k7m2p9q4w3e8', name: 'till-7', ...nobody, words: ['it needs 4.00 GiB of memory'] }],
    })
    const one = await signedIn('models', 'devices', 'e2b')
    expect(one.out).toMatch(/till-7 +k7m2p9q4w3e8 +none +it needs 4\.00 GiB/)
    expect(one.error).toContain('0 of 1 devices can run it')
  })
})

describe('tradewind estimate', () => {
  test('says what each build of a variant needs on a captured host', async () => {
    const { exitCode, out } = await say('estimate', '--host', 'pi-5-8gb', '--variant', 'e2b', '--context', '32768')
    expect(exitCode).toBe(0)
    expect(out).toMatch(/e2b-q8_0 +memory +4\.63 GiB +0\.92 GiB +0\.20 GiB +0\.79 GiB +6\.54 GiB /)
    expect(out).toContain('writes 6.2 tokens/s (published)')
  })

  test('imagines a machine', async () => {
    const { builds } = await json('estimate', '--ram', '4GiB', '--variant', 'e2b')
    const fits = Object.fromEntries(builds.map(({ build, fits }: { build: string; fits: boolean }) => [build, fits]))
    expect(fits).toMatchObject({ 'e2b-q4_0': false, 'e2b-litert': true })
  })

  test('imagines its cards too', async () => {
    const machine = ['--ram', '64GB', '--card', '24GiB', '--card', '24GiB']
    const { pools } = await json('estimate', ...machine, '--variant', '31b')
    expect(pools.map(({ kind, cards }: { kind: string; cards: number }) => [kind, cards])).toEqual([
      ['cards', 1],
      ['cards', 2],
    ])
  })

  test('counts only what is free', async () => {
    const needs = async (...free: string[]) => (await say('estimate', '--ram', '8GB', ...free, '--variant', 'e2b')).out
    expect(await needs()).toMatch(/e2b-q8_0 .* yes/)
    expect(await needs('--free', '3GB')).toMatch(/e2b-q8_0 .* no /)
  })
})

describe('tradewind explain', () => {
  test('says which build a captured host would run, and why not the others', async () => {
    const { exitCode, out } = await say('explain', '--host', 'pi-5-8gb', '--workload', 'transcription')
    expect(exitCode).toBe(0)
    expect(out).toMatch(/^Gemma 4 E2B \(e2b-q8_0\) is right for this device, once its files are resolved\.\n/)
    expect(out).toMatch(/31b-q4_k_m: the policy wants e2b or e4b .* it does not hear/)
    expect(out).toContain('By the article to the letter: ')
  })

  test('offers an engine that is not there, and takes it when it is', async () => {
    const ask = ['explain', '--host', 'pi-5-4gb', '--workload', 'transcription']
    expect((await say(...ask)).out).toContain('would be, if its engine were there')
    expect((await say(...ask, '--engine', 'litert-lm')).out).toContain('Gemma 4 E2B (e2b-litert) is right')
  })

  test('prints the whole decision for programs', async () => {
    const { decision, words } = await json('explain', '--ram', '16GB', '--workload', 'code', '--policy', 'article')
    expect(decision).toMatchObject({ policy: 'article', outcome: { kind: 'refused' } })
    expect(decision.candidates).toHaveLength(gemma4.builds.length)
    expect(words.choice).toMatch(/^No build is right/)
  })

  describe('of an enrolled device', () => {
    let api: ScriptedApi
    beforeEach(async () => {
      api = await ScriptedApi.start()
    })
    afterEach(() => api.stop())
    const row = {
      ...{ id: 'k7m2p9q4w3e8', name: 'till-7', presence: null, sync: 'registered', deviceClass: 'v1:0123456789abcdef' },
      ...{ board: null, cpu: null, cores: null, memoryBytes: null, os: null, agentVersion: null },
      ...{ enrolledMs: now, revokedMs: null },
    }
    const nothing = { report: null, assignment: null, failure: null, serving: null, seeking: null, start: null }
    const detail = { ...row, ...nothing, labels: {}, measured: [], keys: [] }
    const ask = (device: object) => {
      const asked = 'GET /devices?revoked=with&sort=name&q=till-7&limit=1000&offset=0'
      api.on(asked, { total: 1, devices: [row] }).on('GET /devices/k7m2p9q4w3e8', device)
      api.on('GET /catalogue', gemma4)
      const env = { TRADEWIND_URL: api.url, TRADEWIND_API_TOKEN: 'twp_x' }
      return tradewind(['explain', 'till-7', '--workload', 'transcription'], { env })
    }

    test('goes by its last report', async () => {
      const facts = captured.find(({ name }) => name === 'pi-5-8gb')?.facts
      const { out } = await ask({ ...detail, report: { atMs: now, facts, unreadable: [] } })
      expect(out).toMatch(/^Gemma 4 E2B \(e2b-q8_0\) is right/)
    })

    describe('without saying what for', () => {
      const decided = (reply: object) => {
        const asked = 'GET /devices?revoked=with&sort=name&q=till-7&limit=1000&offset=0'
        api.on(asked, { total: 1, devices: [row] }).on('GET /devices/k7m2p9q4w3e8/decision', reply)
        return tradewind(['explain', 'till-7'], { env: { TRADEWIND_URL: api.url, TRADEWIND_API_TOKEN: 'twp_x' } })
      }
      const facts = Facts.parse(captured.find(({ name }) => name === 'pi-5-8gb')?.facts)
      const workload = { id: 'calls', useCases: ['transcription' as const], context: 4096 }
      const decision = decide({ deviceClass: 'v1:0123456789abcdef', facts }, gemma4, workload)

      test('goes by the workload that selects it', async () => {
        const words = explain(decision, gemma4)
        const { exitCode, out } = await decided({ workload: 'calls', tied: [], words })
        expect([exitCode, out]).toEqual([0, expect.stringMatching(/^For calls:\nGemma 4 E2B \(e2b-q8_0\) is right/)])
      })

      test.each([
        [{ workload: null, tied: [], words: null }, 'No workload selects till-7.'],
        [{ workload: null, tied: ['calls', 'tills'], words: null }, 'calls and tills both select till-7.'],
      ])('fails where that is not one: %j', async (reply, message) => {
        const { exitCode, error } = await decided(reply)
        expect([exitCode, error]).toEqual([1, expect.stringContaining(message)])
      })
    })

    test('says so when it has not reported', async () => {
      const { exitCode, error } = await ask(detail)
      expect([exitCode, error]).toEqual([1, expect.stringContaining('till-7 has not reported yet')])
    })
  })
})

test.each([
  [['models', 'sail']],
  [['models', 'compare', 'e2b']],
  [['models', 'compare', 'e2b', 'e9b']],
  [['estimate', '--variant', 'e2b']],
  [['estimate', '--ram', '4', '--variant', 'e2b']],
  [['estimate', '--ram', '4GiB', '--host', 'pi-5-8gb', '--variant', 'e2b']],
  [['estimate', '--ram', '4GiB', '--variant', 'e2b', '--context', '-1']],
  [['explain', '--workload', 'code']],
  [['explain', '--host', 'pi-5-8gb']],
  [['explain', '--host', 'pi-5-8gb', '--workload', 'code,sailing']],
  [['explain', 'till-7', '--host', 'pi-5-8gb', '--workload', 'code']],
])('%j is written wrongly', async (args) => {
  const { exitCode, error } = await say(...args)
  expect(exitCode).toBe(2)
  expect(error).toMatch(/^error usage: /)
})

test('every captured host is made of facts', () => {
  for (const { facts } of captured) expect(Facts.parse(facts)).toEqual(facts)
})
