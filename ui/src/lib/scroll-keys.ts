// The keys that scroll, for a panel whose list is not what has the focus.

const LINE = 40;

/** Scrolls the box as the key says; whether it did. In the box itself, and in what is typed into, keys are left alone. */
export function scrollByKey(event: KeyboardEvent, box: HTMLElement | undefined): boolean {
  const { target, key } = event;
  if (!box || !(target instanceof HTMLElement) || box.contains(target)) return false;
  if (event.ctrlKey || event.altKey || event.metaKey || target.matches('select, textarea')) return false;
  const page = Math.max(LINE, box.clientHeight - LINE);
  const by = { ArrowDown: LINE, ArrowUp: -LINE, PageDown: page, PageUp: -page }[key];
  if (by === undefined) return false;
  box.scrollTop += by;
  event.preventDefault();
  return true;
}
