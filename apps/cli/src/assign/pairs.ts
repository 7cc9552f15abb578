import { Failure } from '../failure'

/** `site=lyon role=till` as an object. Throws `Failure` for what has no equals sign. */
export const pairsOf = (given: string[]): Record<string, string> =>
  Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new Failure('usage', `${pair} is no label.`, 'Give it as name=value: site=lyon')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )

/** Gathers an option that may be given more than once. */
export const several = (text: string, before: string[] = []) => [...before, text]
