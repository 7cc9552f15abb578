const names = new Intl.DisplayNames(['en'], { type: 'language' })

/** `pt-br` is Brazilian Portuguese. */
export const languageName = (code: string) => names.of(code) ?? code

/** By name, as people look for them. */
export const byName = (codes: string[]) =>
  [...codes].sort((a, b) => languageName(a).localeCompare(languageName(b), 'en'))
