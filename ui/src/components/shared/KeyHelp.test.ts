import { cleanup, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keys } from '../../lib/state/keys.svelte';
import KeyHelp from './KeyHelp.svelte';

beforeEach(() => {
  // Not in this DOM: a sheet takes the focus.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
    this.querySelector('button')?.focus();
  };
});
afterEach(cleanup);

it('gives the focus back when its key or Escape closes it', async () => {
  const before = document.body.appendChild(document.createElement('button'));
  for (const key of ['Escape', '?']) {
    before.focus();
    keys.help = true;
    const { unmount } = render(KeyHelp);
    await tick();
    expect(document.activeElement?.closest('dialog')).toBe(screen.getByTestId('key-help'));
    const event = new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true });
    keys.handle(event);
    expect(keys.help).toBe(false);
    // As the window does it.
    unmount();
    await vi.waitFor(() => expect(document.activeElement).toBe(before));
  }
});
