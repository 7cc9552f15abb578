import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * Nothing on the page, as it stands, that axe-core calls serious or critical; in light and in dark. Evaluated and not
 * added as a script, because the page's own policy allows none but its own.
 */
export async function expectAccessible(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.waitForTimeout(300) // colours change in a transition, of which contrast would be measured
    await page.evaluate(axe)
    const results = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults
    const serious = results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    const said = serious.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
    )
    expect(said, `${new URL(page.url()).pathname} in ${colorScheme}`).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
