import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Clip } from './clips'
import type { DeviceApi } from './device-api'
import type { Far } from './progress'
import { quietSeconds, quietSounds } from './quiet'
import type { HeardClip, Pass, Runs } from './summary'

type Asked = {
  api: DeviceApi
  build: string
  clips: Clip[]
  /** of work between the passes; 0: there is no second one */
  minutes: number
  tell: (far: Far) => void
}

/**
 * Has the device work as a person would who wants to know it: every clip once, then all of them round and round for so many
 * minutes, then every clip once more, and at last what nobody speaks in. One request at a time.
 */
export async function work({
  api,
  build,
  clips,
  minutes,
  tell,
}: Asked): Promise<Pick<Runs, 'cold' | 'hot' | 'silence'>> {
  const began = performance.now()
  let asked = 0
  const hear = async (clip: Clip, far: Omit<Far, 'secondsAClip'>): Promise<HeardClip> => {
    tell({ ...far, secondsAClip: asked > 0 ? (performance.now() - began) / 1000 / asked : null })
    const file = { name: path.basename(clip.file), bytes: await readFile(clip.file) }
    const { heard, ...took } = await api.transcribe(file, clip.lang, build)
    asked++
    return { language: clip.lang, said: clip.transcript, heard, ...took }
  }

  const pass = async (name: string, clipsAfter: number, minutesLeft: number): Promise<Pass> => {
    const before = await api.counts()
    const heard: HeardClip[] = []
    for (const [i, clip] of clips.entries()) {
      const doing = `${name}, clip ${i + 1} of ${clips.length}`
      heard.push(await hear(clip, { doing, clipsLeft: clips.length - i + clipsAfter, minutesLeft }))
    }
    return { clips: heard, before, after: await api.counts() }
  }

  const keepBusy = async () => {
    const until = performance.now() + minutes * 60_000
    const minutesLeft = () => Math.max(0, until - performance.now()) / 60_000
    while (minutesLeft() > 0)
      for (const clip of clips) {
        if (minutesLeft() === 0) return
        await hear(clip, { doing: 'warming up by work', clipsLeft: clips.length, minutesLeft: minutesLeft() })
      }
  }

  const hotPass = async () => {
    await keepBusy()
    return { ...(await pass('hot pass', 0, 0)), afterMinutes: minutes }
  }

  const cold = await pass('first pass', minutes > 0 ? clips.length : 0, minutes)
  const hot = minutes > 0 ? await hotPass() : null
  return { cold, hot, silence: await hearNobody(api, build) }
}

async function hearNobody(api: DeviceApi, build: string): Promise<Runs['silence']> {
  const all: Runs['silence'] = []
  for (const { sound, bytes } of quietSounds()) {
    const { heard } = await api.transcribe({ name: `${sound}.wav`, bytes }, null, build)
    all.push({ sound, seconds: quietSeconds, heard })
  }
  return all
}
