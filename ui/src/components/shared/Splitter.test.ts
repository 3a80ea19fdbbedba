import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import Splitter from './Splitter.svelte';

beforeEach(() => {
  // A room of a thousand pixels, the line where the last four hundred begin.
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
    const line = this.dataset.testid === 'splitter';
    return new DOMRect(line ? 590 : 0, 0, line ? 10 : 1000, 100);
  });
  HTMLElement.prototype.setPointerCapture = () => undefined;
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it('is moved by keys and by the pointer within its limits, and goes back', async () => {
  const onmove = vi.fn();
  render(Splitter, { label: 'width', value: null, least: 22, most: 70, onmove });
  const line = screen.getByTestId('splitter');
  for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Escape', 'a']) {
    await fireEvent.keyDown(line, { key });
  }
  await fireEvent.dblClick(line);
  // Over it is not pulling it.
  await fireEvent.pointerMove(line, { clientX: 500 });
  await fireEvent.pointerDown(line, { clientX: 595 });
  for (const clientX of [500, 5, 995]) await fireEvent.pointerMove(line, { clientX });
  await fireEvent.pointerUp(line);
  await fireEvent.pointerMove(line, { clientX: 400 });
  expect(onmove.mock.calls.flat()).toEqual([42, 38, 70, 22, null, null, 50, 70, 22]);
});
