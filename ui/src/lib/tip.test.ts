import { afterEach, describe, expect, it, vi } from 'vitest';
import { because, tip } from './tip';

const button = () => {
  const made = document.createElement('button');
  document.body.append(made);
  return made;
};
const shown = () => {
  const box = document.querySelector<HTMLElement>('.tip');
  return box && !box.hidden ? box.textContent : null;
};
const description = (node: HTMLElement) =>
  (node.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '')
    .join(' ')
    .trim();

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe('a tip', () => {
  it('is shown to the pointer that rests, instead of the title, and gives that back', () => {
    vi.useFakeTimers();
    const node = button();
    node.title = 'Waiting';
    const off = tip('Callers in the queue')(node);
    node.dispatchEvent(new Event('pointerenter'));
    expect(shown()).toBeNull();
    vi.advanceTimersByTime(400);
    expect(shown()).toBe('Waiting\nCallers in the queue');
    expect(node.title).toBe('');
    node.dispatchEvent(new Event('pointerleave'));
    expect(shown()).toBeNull();
    expect(node.title).toBe('Waiting');
    off?.();
  });

  it('is shown to the focus of the keyboard, and goes with Escape', () => {
    const node = button();
    vi.spyOn(node, 'matches').mockReturnValue(true);
    tip('Callers in the queue')(node);
    node.dispatchEvent(new Event('focus'));
    expect(shown()).toBe('Callers in the queue');
    node.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(shown()).toBeNull();
  });

  it('is the description of what it tells of, beside another one, and takes itself away', () => {
    const node = button();
    document.body.insertAdjacentHTML('beforeend', '<p id="other">Other</p>');
    node.setAttribute('aria-describedby', 'other');
    const off = tip('Callers in the queue')(node);
    expect(description(node)).toBe('Other Callers in the queue');
    off?.();
    expect(description(node)).toBe('Other');
  });
});

describe('what cannot be used', () => {
  it('says why, keeps the focus and is not pressed', () => {
    const node = button();
    const pressed = vi.fn();
    node.addEventListener('click', pressed);
    const off = because('Type a name first')(node);
    node.click();
    node.focus();
    expect(pressed).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(node);
    expect(node.getAttribute('aria-disabled')).toBe('true');
    expect(description(node)).toBe('Type a name first');
    off?.();
    node.click();
    expect(pressed).toHaveBeenCalledOnce();
    expect(node.hasAttribute('aria-disabled')).toBe(false);
  });

  it('is not written in, and says nothing where there is no reason', () => {
    const field = document.createElement('textarea');
    const off = because('It is finished')(field);
    expect(field.readOnly).toBe(true);
    off?.();
    expect(field.readOnly).toBe(false);
    because(null)(field);
    expect(field.hasAttribute('aria-disabled')).toBe(false);
  });
});
