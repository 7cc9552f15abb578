import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * What axe-core calls serious or critical of the page as it stands, in light and in dark. It is evaluated and not added as
 * a script, because the page's own policy allows none but its own.
 */
export async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.waitForTimeout(300) // colours change in a transition, of which contrast would be measured
    await page.evaluate(axe)
    const results = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults
    const where = `${new URL(page.url()).pathname}, ${colorScheme}`
    for (const { id, impact, nodes } of results.violations)
      if (impact === 'serious' || impact === 'critical')
        faults.push(
          ...nodes.map(({ html, failureSummary }) => `${where}: ${id}: ${html.slice(0, 200)} ${failureSummary}`),
        )
  }
  await page.emulateMedia({ colorScheme: 'light' })
  return faults
}

export const expectAccessible = async (page: Page) => expect(await faultsOf(page)).toEqual([])
