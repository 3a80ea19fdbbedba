// What something is, or why it cannot be pressed, where it stands: shown under it for the pointer and for the focus of the
// keyboard, and said by a screen reader as its description. A `title` does the first of the three only.
import type { Attachment } from 'svelte/attachments';

/** How long the pointer rests before a tip is shown, milliseconds. */
const REST_MS = 350;
/** Pixels between what is told of and its tip, and between the tip and the edge of the window. */
const GAP = 6;

let box: HTMLElement | null = null;
let shownFor: HTMLElement | null = null;
let title: string | null = null;
let number = 0;

function boxOf(): HTMLElement {
  if (!box?.isConnected) {
    box = document.createElement('div');
    box.className = 'tip';
    box.dataset.testid = 'tip';
    box.setAttribute('aria-hidden', 'true');
    // Above dialogs too.
    box.setAttribute('popover', 'manual');
    document.body.append(box);
  }
  return box;
}

function show(node: HTMLElement, text: string): void {
  hide();
  shownFor = node;
  title = node.getAttribute('title');
  node.removeAttribute('title');
  const tip = boxOf();
  tip.textContent = title && !text.startsWith(title) ? `${title}\n${text}` : text;
  tip.hidden = false;
  tip.showPopover?.();
  const at = node.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = Math.min(Math.max(GAP, at.left), innerWidth - width - GAP);
  const below = at.bottom + GAP;
  tip.style.left = `${Math.max(GAP, left)}px`;
  tip.style.top = `${below + height + GAP <= innerHeight ? below : Math.max(GAP, at.top - GAP - height)}px`;
}

function hide(node?: HTMLElement): void {
  if (!shownFor || (node && node !== shownFor)) return;
  if (title !== null && !shownFor.hasAttribute('title')) shownFor.setAttribute('title', title);
  shownFor = null;
  if (!box) return;
  if (box.isConnected) box.hidePopover?.();
  box.hidden = true;
}

/** Its description for a screen reader: an element of its own, so that it is read whatever the language of the system. */
function described(node: HTMLElement, text: string): () => void {
  const words = document.createElement('span');
  words.hidden = true;
  words.id = `tip-${(number += 1)}`;
  words.textContent = text;
  document.body.append(words);
  const others = () =>
    (node.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id !== words.id);
  node.setAttribute('aria-describedby', [...others(), words.id].join(' ').trim());
  return () => {
    words.remove();
    const left = others().join(' ').trim();
    if (left) node.setAttribute('aria-describedby', left);
    else node.removeAttribute('aria-describedby');
  };
}

/** Tells something of an element; nothing: it has no tip. */
export function tip(text: string | false | null | undefined): Attachment<HTMLElement> {
  return (node) => {
    if (!text) return;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const over = () => (rest = setTimeout(() => show(node, text), REST_MS));
    const focused = () => {
      if (node.matches(':focus-visible')) show(node, text);
    };
    const away = () => {
      clearTimeout(rest);
      hide(node);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') away();
    };
    const undescribed = described(node, text);
    node.addEventListener('pointerenter', over);
    node.addEventListener('pointerleave', away);
    node.addEventListener('pointerdown', away);
    node.addEventListener('focus', focused);
    node.addEventListener('blur', away);
    node.addEventListener('keydown', key);
    return () => {
      away();
      undescribed();
      node.removeEventListener('pointerenter', over);
      node.removeEventListener('pointerleave', away);
      node.removeEventListener('pointerdown', away);
      node.removeEventListener('focus', focused);
      node.removeEventListener('blur', away);
      node.removeEventListener('keydown', key);
    };
  };
}

/** Keys that leave what cannot be used, or move on. */
const LEAVING = ['Tab', 'Escape'];

/**
 * An element that cannot be used now, and why. It keeps the focus, unlike one that is `disabled`, so that whoever has only
 * a keyboard learns it too. Nothing: it can be used.
 */
export function because(reason: string | false | null | undefined): Attachment<HTMLElement> {
  return (node) => {
    if (!reason) return;
    const stop = (event: Event) => {
      if (event instanceof KeyboardEvent && (LEAVING.includes(event.key) || event.ctrlKey || event.altKey))
        return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const written = node instanceof HTMLTextAreaElement || node instanceof HTMLInputElement;
    const list = node instanceof HTMLSelectElement;
    const wasReadOnly = written && node.readOnly;
    if (written) node.readOnly = true;
    node.setAttribute('aria-disabled', 'true');
    node.addEventListener('click', stop, true);
    if (list) {
      node.addEventListener('mousedown', stop, true);
      node.addEventListener('keydown', stop, true);
    }
    const untold = tip(reason)(node);
    return () => {
      if (untold) untold();
      if (written) node.readOnly = wasReadOnly;
      node.removeAttribute('aria-disabled');
      node.removeEventListener('click', stop, true);
      node.removeEventListener('mousedown', stop, true);
      node.removeEventListener('keydown', stop, true);
    };
  };
}
