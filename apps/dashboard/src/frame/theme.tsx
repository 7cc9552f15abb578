'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { ThemeProvider, useTheme } from 'next-themes'
import { RadioGroup } from 'radix-ui'
import { type ReactNode, useSyncExternalStore } from 'react'

export const Theme = ({ children }: { children: ReactNode }) => (
  <ThemeProvider attribute="class" disableTransitionOnChange>
    {children}
  </ThemeProvider>
)

const themes = [
  { value: 'light', name: 'Light', Icon: Sun },
  { value: 'dark', name: 'Dark', Icon: Moon },
  { value: 'system', name: 'System', Icon: Monitor },
]
const never = () => () => undefined

/** The server cannot know the choice, so nothing is marked until the page has come alive. */
export function ThemeChoice({ words = false }: { words?: boolean }) {
  const { theme, setTheme } = useTheme()
  const alive = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  return (
    <RadioGroup.Root
      aria-label="Theme"
      value={alive ? (theme ?? 'system') : ''}
      onValueChange={setTheme}
      className="inline-flex rounded-md border bg-raised p-0.5"
    >
      {themes.map(({ value, name, Icon }) => (
        <RadioGroup.Item
          key={value}
          value={value}
          aria-label={name}
          title={`${name} theme`}
          className="inline-flex h-10 min-w-10 items-center justify-center gap-2 rounded px-1.5 text-[13px] text-muted hover:text-text data-[state=checked]:bg-surface data-[state=checked]:text-text data-[state=checked]:shadow-card sm:h-7 sm:min-w-7"
        >
          <Icon className="size-3.5" aria-hidden />
          {words && <span className="pr-1">{name}</span>}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
