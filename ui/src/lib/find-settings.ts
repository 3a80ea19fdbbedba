// Finding a setting by its label or explanation, in whatever language they are shown: what is on the page is what is searched,
// so that no part of the room has to be listed anywhere. Cards without a hit are hidden, what is found in the others is marked.
import { fold } from './format';

/** What can be found by itself in a card. */
const UNITS = 'label, [data-row], tbody tr, li, dt, dd, p, fieldset';

function textOf(element: Element): string {
  const own = [...element.querySelectorAll('[aria-label], [placeholder], [title]'), element];
  const said = own.flatMap((one) =>
    ['aria-label', 'placeholder', 'title'].map((name) => one.getAttribute(name)),
  );
  return fold([element.textContent, ...said].join(' '));
}

/** Narrows the room to what has all these words; how many cards have them, by the section they stand in. */
export function findSettings(room: Element, query: string): Map<string, number> {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => text.includes(word));
  const found = new Map<string, number>();
  for (const card of room.querySelectorAll<HTMLElement>('.card')) {
    const named = words.length > 0 && [...card.querySelectorAll('h2, h3')].some((head) => has(textOf(head)));
    let some = named;
    for (const unit of card.querySelectorAll<HTMLElement>(UNITS)) {
      const hit = words.length > 0 && has(textOf(unit));
      some ||= hit;
      unit.toggleAttribute('data-found', hit && !unit.querySelector(UNITS));
      if (unit.hasAttribute('data-row')) unit.hidden = words.length > 0 && !hit && !named;
    }
    for (const group of card.querySelectorAll<HTMLElement>('[data-rows]'))
      group.hidden = !group.querySelector('[data-row]:not([hidden])');
    const shown = words.length === 0 || some || has(textOf(card));
    card.hidden = !shown;
    const section = card.closest<HTMLElement>('[data-section]')?.dataset.section;
    if (shown && section !== undefined) found.set(section, (found.get(section) ?? 0) + 1);
  }
  for (const section of room.querySelectorAll<HTMLElement>('[data-section]'))
    section.hidden = !found.has(section.dataset.section ?? '');
  return found;
}
