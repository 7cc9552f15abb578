/** Whether a key belongs to a control, a dialog or a shortcut of the browser, and so not to the page. */
export function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true
  return (
    target instanceof Element &&
    target.closest('input, select, textarea, [role="dialog"], [role="alertdialog"]') !== null
  )
}
