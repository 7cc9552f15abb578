import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvLine } from './csv'

it.each([
  ['plain', 'plain'],
  ['', ''],
  [null, ''],
  [-12.5, '-12.5'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+2', "'=1+2"],
  ['+49', "'+49"],
  ['-2', "'-2"],
  ['@sum', "'@sum"],
  ['  =cmd', "'  =cmd"],
  ['\t=cmd', "'\t=cmd"],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
  ['till-7', 'till-7'],
])('%j is written as %s', (cell, written) => expect(csvLine([cell])).toBe(`${written}\r\n`))

it('never writes a text that a spreadsheet takes for a formula', () =>
  fc.assert(fc.property(fc.string(), (text) => !/^"?\s*[=+\-@]/.test(csvLine([text])))))
