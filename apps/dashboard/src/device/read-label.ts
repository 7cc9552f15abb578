export type ReadLabel = { ok: true; name: string; value: string } | { ok: false; says: string }

const namePattern = /^[a-z0-9][a-z0-9._-]{0,39}$/
const longestValue = 60

/** `site=lyon`: the name in small letters, the value as it is. What the API would refuse is refused here, in words. */
export function labelOf(text: string): ReadLabel {
  const at = text.indexOf('=')
  if (at < 1) return { ok: false, says: 'Write it as name=value, like site=lyon.' }
  const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  if (!namePattern.test(name))
    return { ok: false, says: 'A name has at most 40 small letters, digits, dots, dashes and underscores.' }
  if (value === '') return { ok: false, says: `Say what ${name} is, after the equals sign.` }
  if (value.length > longestValue) return { ok: false, says: `A value has at most ${longestValue} signs.` }
  return { ok: true, name, value }
}
