// Escape in a field that narrows a list: what is typed goes first, and what is around the field is not closed with it.

/** True when there was something typed: it is cleared, and nothing else hears the key. */
export function cleared(event: KeyboardEvent, typed: string, clear: () => void): boolean {
  if (event.key !== 'Escape' || typed === '') return false;
  event.preventDefault();
  event.stopPropagation();
  clear();
  return true;
}
