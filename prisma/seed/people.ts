import { newSecret, type Role, type SeedStore } from '@tradewind/store'
import { atTime } from './then'

export type Person = { name: string; email: string; role: Role; password: string }

const who = [
  { name: 'Ada Lovelace', email: 'ada@example.com', role: 'admin' },
  { name: 'Otto Weber', email: 'otto@example.com', role: 'operator' },
  { name: 'Vera Lindqvist', email: 'vera@example.com', role: 'viewer' },
] as const

export const [admin, operator] = ['user:ada@example.com', 'user:otto@example.com'] as const

/** One of each role. The passwords are this folder's own: no fleet has a default one. */
export async function addPeople(store: SeedStore, sinceMs: number): Promise<Person[]> {
  const people = who.map((one): Person => ({ ...one, password: newSecret().slice(0, 16) }))
  for (const [i, person] of people.entries())
    await atTime(sinceMs + i * 3_600_000, () => store.addPerson(person, i === 0 ? 'up' : admin))
  return people
}

/** What is there beside devices: a key for a script, tokens in each state, somebody who asks to be let in. */
export async function addVisitors(store: SeedStore, nowMs: number) {
  const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000]
  await atTime(nowMs - 6 * dayMs, () => store.createApiToken({ name: 'nightly report', role: 'viewer', actor: admin }))
  const token = (note: string, agoMs: number, lifeMs: number) =>
    atTime(nowMs - agoMs, () => store.createEnrolToken({ note, lifeMs, actor: operator }))
  await token('spare Pi for line 2', 9 * dayMs, dayMs)
  const mistaken = await token('wrong site', 3 * dayMs, 7 * dayMs)
  await atTime(nowMs - 3 * dayMs + 4 * minuteMs, () => store.revokeEnrolToken(mistaken.id, operator))
  await token('new till, second floor', 2 * hourMs, 24 * hourMs)
  for (const [name, board, agoMs] of [
    ['raspberrypi', 'Raspberry Pi 5 Model B Rev 1.1', 25 * minuteMs],
    ['pickup-tablet', 'Pixel 8 Pro', 7 * minuteMs],
  ] as const) {
    const claims = { name, agentVersion: '0.1.0', hints: { board } }
    const print = Buffer.from(name.padEnd(32, '-')).toString('base64url')
    const ask = { publicKey: `${print}`, thumbprint: print, claims, address: '10.20.4.77' }
    await atTime(nowMs - agoMs, () => store.enrol(ask))
  }
}
