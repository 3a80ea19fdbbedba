// What is wrong with how the page is laid out now: a list of sentences, empty when nothing is.
//
// - outside: a text or a control beyond the window's edge that no scrolling brings in, or a page taller than the window;
// - cut: a text or a control that a box without a scroll bar cuts off; with "…" it may be, where its whole text can be read
//   at the same place (a title, a description, a name cut in its middle), but not in a head, a label or on a button;
// - sideways: a box, or the page, that scrolls sideways and is not meant to (`data-sideways`);
// - over: two texts, or two controls, of one layer that lie over each other.
//
// A layer is what has one place in front of the rest: a fixed or sticky part, or the placed parts of one box. What lies over
// another layer (a menu, a head that stays) is meant to.
const SLACK = 1.5;
const HEADS = 'th, .thead, h1, h2, h3, legend, label, button, [role=tab], [role=columnheader]';
const CONTROLS = 'button, input:not([type=hidden]), select, textarea, a[href], [role=slider], [role=button]';
const wide = Math.min(innerWidth, document.documentElement.clientWidth);
const high = innerHeight;
const styles = new Map();
const styleOf = (element) => {
  let style = styles.get(element);
  if (!style) styles.set(element, (style = getComputedStyle(element)));
  return style;
};
const numbers = new Map();
const numberOf = (element) => {
  if (!numbers.has(element)) numbers.set(element, numbers.size);
  return numbers.get(element);
};
const faults = new Set();
const told = (text) => text.replace(/\s+/g, ' ').trim().slice(0, 48);
const where = (element) => {
  const named = [];
  for (let one = element; one && named.length < 2; one = one.parentElement) {
    if (one.dataset?.testid) named.unshift(one.dataset.testid);
  }
  const cell = element.closest('[data-cell]')?.dataset.cell;
  return `${named.join(' > ') || element.tagName.toLowerCase()}${cell ? ` [${cell}]` : ''}`;
};
const shown = (element) =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) &&
  !element.closest('.sr, [hidden], option, svg');
const tail = (text) => (text ? `, "${told(text)}"` : '');
// Its whole text can be had where it stands.
const whole = (element) => {
  let one = element;
  for (let steps = 0; one && steps < 5; steps += 1, one = one.parentElement) {
    if (one.title || one.hasAttribute('aria-describedby') || one.dataset.whole !== undefined) return true;
  }
  return false;
};
const layerOf = (element) => {
  for (let one = element; one; one = one.parentElement) {
    const { position, zIndex } = styleOf(one);
    if (position === 'fixed' || position === 'sticky' || one.tagName === 'DIALOG')
      return `in ${numberOf(one)}`;
    if (position === 'absolute') return `on ${numberOf(one.offsetParent ?? document.body)} ${zIndex}`;
  }
  return 'page';
};

/** What is to be seen of a rectangle of an element, or null; tells what is cut of it. */
function seen(element, rect, text) {
  let { left, right, top, bottom } = rect;
  const what = text ? `"${told(text)}"` : `<${element.tagName.toLowerCase()}>${tail(element.innerText)}`;
  let jump = false;
  let rolled = false;
  // A control's own box does not cut the control.
  let one = text ? element : element.parentElement;
  if (!text && styleOf(element).position === 'fixed') one = null;
  if (!text && styleOf(element).position === 'absolute') jump = true;
  for (; one && one !== document.documentElement; one = one.parentElement) {
    const style = styleOf(one);
    if (jump && style.position === 'static') continue;
    jump = false;
    if (style.display !== 'inline' && style.display !== 'contents') {
      const box = one.getBoundingClientRect();
      const inner = {
        left: box.left + one.clientLeft,
        right: box.left + one.clientLeft + one.clientWidth,
        top: box.top + one.clientTop,
        bottom: box.top + one.clientTop + one.clientHeight,
      };
      // Hidden from the eye, said by a screen reader.
      if (style.overflowX !== 'visible' && (one.clientWidth <= 1 || one.clientHeight <= 1)) return null;
      const sideways = style.overflowX;
      if (sideways !== 'visible') {
        const over = Math.max(right - inner.right, inner.left - left);
        const dots = text && style.textOverflow === 'ellipsis';
        // A part of a pixel is enough for "…" in the place of a letter or two.
        if (
          over > (dots ? 0.5 : SLACK) &&
          (sideways === 'hidden' || sideways === 'clip') &&
          bottom > inner.top &&
          top < inner.bottom
        ) {
          const middle = element.closest('.name') && !element.closest('.name').parentElement.closest('.btn');
          if (right <= inner.left || left >= inner.right) {
            // Behind "…" there is nothing at all of it; what a box is moved out of by, it is meant to be.
            if (dots || style.textOverflow === 'ellipsis')
              faults.add(`cut: all of ${what} in ${where(element)}`);
            return null;
          }
          if (!dots) faults.add(`cut: ${what} in ${where(element)}, ${Math.round(over)} px`);
          else if (element.closest(HEADS) && !element.closest('[data-name]') && !middle)
            faults.add(`cut: the head or label ${what} in ${where(element)}, ${Math.round(over)} px`);
          else if (!whole(element) && !middle)
            faults.add(`cut: ${what} in ${where(element)}, and its whole text is nowhere`);
        }
        left = Math.max(left, inner.left);
        right = Math.min(right, inner.right);
        if (sideways !== 'hidden' && sideways !== 'clip') rolled = true;
      }
      const upright = style.overflowY;
      if (upright !== 'visible') {
        const over = Math.max(bottom - inner.bottom, inner.top - top);
        const much = Math.max(2, (bottom - top) * 0.25);
        if (over > much && (upright === 'hidden' || upright === 'clip') && !rolled) {
          if (bottom <= inner.top || top >= inner.bottom) {
            // All of it is out of sight: folded away, if the box is meant to be closed.
            if (inner.bottom - inner.top > 1) faults.add(`cut: all of ${what} in ${where(element)}`);
            return null;
          }
          faults.add(`cut: ${what} in ${where(element)}, ${Math.round(over)} px of its height`);
        }
        top = Math.max(top, inner.top);
        bottom = Math.min(bottom, inner.bottom);
        if (upright !== 'hidden' && upright !== 'clip') rolled = true;
      }
      if (right - left < 1 || bottom - top < 1) return null;
    }
    if (style.position === 'fixed') break;
    if (style.position === 'absolute') jump = true;
  }
  const out = Math.max(right - wide, -left, bottom - high, -top);
  if (out > SLACK) {
    faults.add(`outside: ${what} in ${where(element)}, ${Math.round(out)} px`);
    return null;
  }
  return { left, right, top, bottom };
}

/** Two of one layer that lie over each other. */
function overlaps(all, kind, share) {
  all.sort((a, b) => a.top - b.top);
  for (let first = 0; first < all.length; first += 1) {
    const a = all[first];
    for (let second = first + 1; second < all.length && all[second].top < a.bottom - 2; second += 1) {
      const b = all[second];
      if (a.layer !== b.layer || a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - b.top;
      if (across > 2 && down > share * Math.min(a.bottom - a.top, b.bottom - b.top)) {
        faults.add(
          `over: ${kind} "${told(a.text)}" in ${where(a.element)} and "${told(b.text)}" in ${where(b.element)}, ${Math.round(across)} × ${Math.round(down)} px`,
        );
      }
    }
  }
}

const pen = document.createElement('canvas').getContext('2d');
/** How wide a field's words are, pixels. */
function widthOf(element, words) {
  // The shorthand is empty where some of its parts have no place in it.
  const { fontWeight, fontSize, fontFamily } = styleOf(element);
  pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  return pen.measureText(words).width;
}
/** How much room a field has for its words, pixels: inside of its padding, and before what lies on it (a key, an arrow). */
function roomIn(element) {
  const { paddingLeft, paddingRight } = styleOf(element);
  return element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
}

const page = document.scrollingElement;
if (page.scrollWidth > page.clientWidth + 1)
  faults.add(`sideways: the page, ${page.scrollWidth - page.clientWidth} px`);
if (page.scrollHeight > page.clientHeight)
  faults.add(`outside: the page is ${page.scrollHeight - page.clientHeight} px taller than the window`);

const texts = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  const element = node.parentElement;
  if (!node.data.trim() || !element || element.closest('script, style, textarea')) continue;
  if (!shown(element)) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const rect of range.getClientRects()) {
    if (rect.width < 1 || rect.height < 1) continue;
    const part = seen(element, rect, node.data);
    if (part) texts.push({ ...part, element, text: node.data, layer: layerOf(element) });
  }
}
overlaps(texts, 'the texts', 0.35);

const controls = [];
for (const element of document.querySelectorAll(CONTROLS)) {
  if (!shown(element)) continue;
  const rect = element.getBoundingClientRect();
  if (rect.width < 1 || rect.height < 1) continue;
  const part = seen(element, rect, '');
  if (!part) continue;
  controls.push({
    ...part,
    element,
    text: element.innerText || element.getAttribute('aria-label') || '',
    layer: layerOf(element),
  });
  if (whole(element)) continue;
  const words =
    element.tagName === 'SELECT' ? element.selectedOptions[0]?.text : element.value || element.placeholder;
  if (
    !words ||
    !/^(SELECT|INPUT)$/.test(element.tagName) ||
    /^(checkbox|radio|range|color|date|time)$/.test(element.type)
  )
    continue;
  const over = widthOf(element, words) - roomIn(element);
  if (over > SLACK)
    faults.add(`cut: "${told(words)}" in the field ${where(element)}, ${Math.round(over)} px`);
}
overlaps(controls, 'the controls', 0.2);

for (const element of document.querySelectorAll('body *')) {
  const sideways = styleOf(element).overflowX;
  if ((sideways !== 'auto' && sideways !== 'scroll') || element.closest('[data-sideways]')) continue;
  if (['TEXTAREA', 'INPUT', 'SELECT'].includes(element.tagName)) continue;
  const over = element.scrollWidth - element.clientWidth;
  if (over > 1 && shown(element)) faults.add(`sideways: ${where(element)}, ${over} px`);
}
return [...faults];
