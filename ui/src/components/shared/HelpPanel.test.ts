import { cleanup, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import en from '../../../messages/en.json';
import { PLACES, type Place } from '../../lib/help';
import { keys } from '../../lib/state/keys.svelte';
import { TERMS } from '../../lib/terms';
import HelpPanel from './HelpPanel.svelte';

let away: () => void;
beforeEach(() => (away = keys.add({ help: () => undefined })));
afterEach(() => {
  away();
  cleanup();
  keys.help = false;
});

const press = (key: string) => {
  const event = new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true });
  keys.handle(event);
  return event;
};

it('opens with F1 wherever the focus is, also where somebody types', () => {
  const field = document.body.appendChild(document.createElement('input'));
  field.focus();
  const event = new KeyboardEvent('keydown', { key: 'F1', code: 'F1', cancelable: true });
  Object.defineProperty(event, 'target', { value: field });
  keys.handle(event);
  expect(keys.help).toBe(true);
  expect(event.defaultPrevented).toBe(true);
});

it('takes the focus and gives it back, by F1, ? and Escape', async () => {
  const before = document.body.appendChild(document.createElement('button'));
  for (const key of ['Escape', '?', 'F1']) {
    before.focus();
    keys.help = true;
    const { unmount } = render(HelpPanel, { here: 'floor' });
    await tick();
    expect(document.activeElement).toBe(screen.getByTestId('help'));
    press(key);
    expect(keys.help).toBe(false);
    // As the window does it.
    unmount();
    await vi.waitFor(() => expect(document.activeElement).toBe(before));
  }
});

it('says of every place what one sees and what to do there, in the table’s own words', async () => {
  const { rerender } = render(HelpPanel, { here: 'signIn' });
  for (const place of Object.keys(PLACES) as Place[]) {
    await rerender({ here: place });
    const text = screen.getByTestId('help').textContent ?? '';
    expect(text).toContain(en[`help_${place}_see`]);
    for (const line of en[`help_${place}_do`].split('\n')) expect(text).toContain(line);
    for (const word of PLACES[place].words) expect(text).toContain(TERMS[word]?.en.term);
  }
});

it('reads about another place from here, and of this one again after going elsewhere', async () => {
  const { rerender } = render(HelpPanel, { here: 'floor' });
  const list = screen.getByTestId<HTMLSelectElement>('help-place');
  list.value = 'report';
  list.dispatchEvent(new Event('change', { bubbles: true }));
  await tick();
  expect(screen.getByTestId('help').dataset.place).toBe('report');
  await rerender({ here: 'calls' });
  expect(screen.getByTestId('help').dataset.place).toBe('calls');
});
