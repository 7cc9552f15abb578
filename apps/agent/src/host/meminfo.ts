/** /proc/meminfo as bytes by name. Lines that are not `Name: <number> kB` are left out. */
export function parseMeminfo(text: string): Map<string, number> {
  const bytes = new Map<string, number>()
  for (const [, name, kilobytes] of text.matchAll(/^(\w+):\s+(\d{1,12}) kB$/gm))
    if (name) bytes.set(name, Number(kilobytes) * 1024)
  return bytes
}
