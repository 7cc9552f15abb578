const Now = Date

/**
 * Runs commands of the store as if it were then: they date what they write themselves, and people did not found a fleet
 * of two weeks a moment ago. One at a time; time goes on meanwhile.
 */
export async function atTime<T>(thenMs: number, work: () => Promise<T>): Promise<T> {
  const beganMs = Now.now()
  const nowMs = () => thenMs + Now.now() - beganMs
  globalThis.Date = new Proxy(Now, {
    construct: (target, args, self) => Reflect.construct(target, args.length > 0 ? args : [nowMs()], self),
    get: (target, name, self) => (name === 'now' ? nowMs : Reflect.get(target, name, self)),
  })
  try {
    return await work()
  } finally {
    globalThis.Date = Now
  }
}
