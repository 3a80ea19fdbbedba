import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keys } from './keys.svelte';

const run = vi.fn();
let away: () => void;

beforeEach(() => {
  away = keys.add({
    'player.toggle': run,
    'calls.play': run,
    'calls.down': run,
    'player.back5': run,
    'player.previous': run,
    'media.toggle': run,
  });
  addEventListener('keydown', keys.handle);
});
afterEach(() => {
  away();
  removeEventListener('keydown', keys.handle);
  document.body.replaceChildren();
  run.mockClear();
});

/** Whether the room took the key from this element. */
function stolen(html: string, code: string): boolean {
  document.body.innerHTML = html;
  const target = document.querySelector('[data-here]');
  const event = new KeyboardEvent('keydown', { code, key: code, bubbles: true, cancelable: true });
  target?.dispatchEvent(event);
  const took = run.mock.calls.length > 0;
  run.mockClear();
  expect(event.defaultPrevented).toBe(took);
  return took;
}

it('leaves Space and Enter to what they press', () => {
  for (const html of [
    '<button data-here></button>',
    '<button><i data-here></i></button>',
    '<input type="checkbox" data-here>',
    '<input type="radio" data-here>',
    '<details><summary data-here></summary></details>',
    '<select data-here></select>',
    '<a href="#x" data-here></a>',
  ]) {
    expect([html, stolen(html, 'Space'), stolen(html, 'Enter')]).toEqual([html, false, false]);
  }
  expect(stolen('<div data-here tabindex="-1"></div>', 'Space')).toBe(true);
  // Other keys of the room work there.
  expect(stolen('<input type="checkbox" data-here>', 'KeyP')).toBe(true);
});

it('leaves arrows to a group of which one is chosen, and every key to a panel over the room', () => {
  expect(stolen('<input type="radio" data-here>', 'ArrowDown')).toBe(false);
  expect(stolen('<button role="radio" data-here></button>', 'ArrowLeft')).toBe(false);
  expect(stolen('<button data-here></button>', 'ArrowDown')).toBe(true);
  expect(stolen('<div role="dialog"><button data-here></button></div>', 'ArrowDown')).toBe(false);
  expect(stolen('<div data-keys="own"><button data-here></button></div>', 'KeyP')).toBe(false);
  expect(stolen('<div role="dialog"><button data-here></button></div>', 'MediaPlayPause')).toBe(true);
  // The focus is nowhere, behind a sheet that is open.
  expect(stolen('<dialog open></dialog><main data-here></main>', 'KeyP')).toBe(false);
  expect(stolen('<dialog></dialog><main data-here></main>', 'KeyP')).toBe(true);
});
