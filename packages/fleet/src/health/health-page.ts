import { meaningOf } from './explain-problem'
import { severities } from './problem'
import { type HealthCode, healthCodes, type Scale, scales } from './scales'

/** `docs/health.md`, made from the scales and their prose so that it cannot drift from them. */
export function healthPage(): string {
  return [
    '# Health',
    '',
    '<!-- Made by `npm run generate` from packages/fleet/src/health. Do not edit. -->',
    '',
    'What can be wrong with a device, in the order in which a person should look at it within one severity: causes',
    'before what they cause. A severity is reached at its first number and left at its second; between the two it stays',
    'what it was. What is read from samples must have been there in all samples of the last three minutes to be raised, and',
    'in none of them to be cleared. What is unknown raises nothing and clears nothing.',
    '',
    '| code | name | severity | what it means | what to do |',
    '| --- | --- | --- | --- | --- |',
    ...healthCodes.map((code) => {
      const { name, means, toDo } = meaningOf(code)
      return `| \`${code}\` | ${name} | ${severitiesOf(code).join(', ')} | ${means} | ${toDo} |`
    }),
    '',
    '## Thresholds',
    '',
    '| code | number | severities: raised at, cleared at | source |',
    '| --- | --- | --- | --- |',
    ...healthCodes.map((code) => {
      const { measures, source } = scales[code]
      return `| \`${code}\` | ${measures} | ${marksOf(scales[code])} | ${source} |`
    }),
    '',
  ].join('\n')
}

const severitiesOf = (code: HealthCode) => severities.filter((severity) => (scales[code] as Scale).grades[severity])

function marksOf({ grades, worse }: Scale): string {
  const [raised, cleared] = worse === 'above' ? ['≥', '≤'] : ['≤', '≥']
  return severities
    .flatMap((severity) => {
      const grade = grades[severity]
      return grade ? `${severity} ${raised} ${grade.raise}, ${cleared} ${grade.clear}` : []
    })
    .join('; ')
}
