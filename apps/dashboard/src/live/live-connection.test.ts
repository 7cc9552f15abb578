import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addressFor, type Listener, LiveConnection, type NewsKind, type Source } from './live-connection'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An `EventSource` that a test moves by hand. */
class ScriptedSource implements Source {
  readyState = 0
  onopen: Source['onopen'] = null
  onerror: Source['onerror'] = null
  private readonly heard = new Map<string, (message: MessageEvent<string>) => void>()
  constructor(readonly address: string) {}
  addEventListener(kind: string, heard: (message: MessageEvent<string>) => void) {
    this.heard.set(kind, heard)
  }
  close() {
    this.readyState = 2
  }
  opens() {
    this.readyState = 1
    this.onopen?.call(this as unknown as EventSource, new Event('open'))
  }
  breaks({ forGood }: { forGood: boolean }) {
    this.readyState = forGood ? 2 : 0
    this.onerror?.call(this as unknown as EventSource, new Event('error'))
  }
  says(kind: NewsKind, data: object) {
    this.heard.get(kind)?.({ data: JSON.stringify(data) } as MessageEvent<string>)
  }
}

const listener = (kinds: NewsKind[], deviceId: string | null = null) => ({
  ...{ kinds, deviceId, hear: vi.fn(), back: vi.fn() },
})

function tab() {
  const sources: ScriptedSource[] = []
  const live = new LiveConnection((address) => {
    const source = new ScriptedSource(address)
    sources.push(source)
    return source
  })
  const settle = () => vi.advanceTimersByTime(50)
  const last = () => sources.at(-1) as ScriptedSource
  return { live, sources, settle, last }
}

describe('what is asked of the hub', () => {
  it.each<[string, Pick<Listener, 'kinds' | 'deviceId'>[], string | null]>([
    ['nothing for nobody', [], null],
    ['what one listens for', [{ kinds: ['rollout'], deviceId: null }], 'only=rollout'],
    [
      'each kind once, for all of one device',
      [
        { kinds: ['sample', 'problems'], deviceId: 'a' },
        { kinds: ['problems'], deviceId: null },
      ],
      'only=problems%2Csample&device=a',
    ],
    [
      'all devices, when somebody needs them all',
      [
        { kinds: ['sample'], deviceId: 'a' },
        { kinds: ['presence'], deviceId: null },
      ],
      'only=presence%2Csample',
    ],
  ])('is %s', (_, listeners, query) => {
    const address = addressFor(listeners.map((one) => ({ ...one, hear: vi.fn(), back: vi.fn() })))
    expect(address).toBe(query && `/api/v1/events?${query}`)
  })
})

it('opens one stream for all who listen, and closes it when nobody does', () => {
  const { live, sources, settle, last } = tab()
  const ends = [live.listen(listener(['rollout'])), live.listen(listener(['presence']))]
  settle()
  expect(sources.map(({ address }) => address)).toEqual(['/api/v1/events?only=presence%2Crollout'])
  for (const end of ends) end()
  settle()
  expect(last().readyState).toBe(2)
})

it('tells each what it listens for, of the device that it listens to', () => {
  const { live, settle, last } = tab()
  const all = listener(['presence', 'problems'])
  const one = listener(['presence', 'problems', 'fleet'], 'b')
  live.listen(all)
  live.listen(one)
  settle()
  last().opens()
  last().says('presence', { deviceId: 'a' })
  last().says('problems', { deviceIds: ['a', 'b'] })
  last().says('fleet', {})
  expect(all.hear.mock.calls.map(([kind]) => kind)).toEqual(['presence', 'problems'])
  expect(one.hear.mock.calls.map(([kind]) => kind)).toEqual(['problems', 'fleet'])
})

it('goes on with the stream that it has until the next one is open', () => {
  const { live, sources, settle } = tab()
  const first = listener(['rollout'])
  live.listen(first)
  settle()
  sources[0]?.opens()
  live.listen(listener(['presence']))
  settle()
  sources[0]?.says('rollout', {})
  sources[1]?.says('rollout', {})
  expect(first.hear).toHaveBeenCalledOnce()
  sources[1]?.opens()
  expect(sources[0]?.readyState).toBe(2)
  sources[1]?.says('rollout', {})
  expect(first.hear).toHaveBeenCalledTimes(2)
  expect(first.back).toHaveBeenCalledOnce() // when its own stream opened
})

it('has each read again once, when nothing more can be missed: with its stream, or with one that is open', () => {
  const { live, settle, last } = tab()
  const [first, second] = [listener(['rollout']), listener(['rollout'])]
  live.listen(first)
  settle()
  expect(first.back).not.toHaveBeenCalled()
  last().opens()
  live.listen(second)
  expect(second.back).not.toHaveBeenCalled()
  settle()
  expect([first.back, second.back].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
})

it('says that it is lost, tries again, and says that it is back', () => {
  const { live, sources, settle, last } = tab()
  const heard = listener(['fleet'])
  live.listen(heard)
  settle()
  expect(live.state().state).toBe('connecting')
  last().opens()
  expect(live.state().state).toBe('live')
  last().breaks({ forGood: true })
  expect(live.state().state).toBe('lost')
  vi.advanceTimersByTime(2_000)
  expect(sources).toHaveLength(2)
  last().opens()
  expect(live.state().state).toBe('live')
  expect(heard.back).toHaveBeenCalledTimes(2) // when its stream opened, and now
})

it('leaves a stream alone that the browser opens again by itself', () => {
  const { live, sources, settle, last } = tab()
  const heard = listener(['fleet'])
  live.listen(heard)
  settle()
  last().opens()
  last().breaks({ forGood: false })
  vi.advanceTimersByTime(10_000)
  expect(sources).toHaveLength(1)
  last().opens()
  expect(heard.back).toHaveBeenCalledTimes(2) // when its stream opened, and now
})

it('reads again after a sleep', () => {
  const { live, sources, settle, last } = tab()
  const heard = listener(['fleet'])
  live.listen(heard)
  settle()
  last().opens()
  live.renew()
  last().opens()
  expect(sources).toHaveLength(2)
  expect(heard.back).toHaveBeenCalledTimes(2) // when its stream opened, and now
})
