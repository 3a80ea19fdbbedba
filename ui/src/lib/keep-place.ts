// What is looked at stays where it is when something further up learns more and grows: what one is about to press does not
// move away. WebKitGTK does not do so by itself.
import type { Attachment } from 'svelte/attachments';

/** Keeps in place, in an element that scrolls, the first of its parts that can be seen; at the very top nothing is kept, so
 *  that the beginning stays in sight. `parts` is a selector; what changes its height is within a child of the element. */
export function keepPlace(parts: string): Attachment<HTMLElement> {
  return (node) => {
    let held: HTMLElement | undefined;
    let top = 0;
    const hold = () => {
      const edge = node.getBoundingClientRect().top;
      held = undefined;
      if (node.scrollTop === 0) return;
      held = [...node.querySelectorAll<HTMLElement>(parts)].find(
        (part) => part.getBoundingClientRect().bottom > edge,
      );
      top = held?.getBoundingClientRect().top ?? 0;
    };
    const grown = () => {
      // A box of no size was hidden: there is nowhere to stay.
      if (held?.isConnected && held.offsetHeight > 0) {
        node.scrollTop += held.getBoundingClientRect().top - top;
      }
      hold();
    };
    const sizes = new ResizeObserver(grown);
    for (const child of node.children) sizes.observe(child);
    node.addEventListener('scroll', hold);
    return () => {
      sizes.disconnect();
      node.removeEventListener('scroll', hold);
    };
  };
}
