import { createRawSnippet, mount, tick, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import Rows from './Rows.svelte';

afterEach(() => vi.restoreAllMocks());

it('brings the active row into sight when it is another one, and when it is sought again', async () => {
  // A long way is corrected in the frames after: those are not meant.
  vi.spyOn(window, 'requestAnimationFrame').mockReturnValue(0);
  const scrolls = vi.spyOn(HTMLElement.prototype, 'scrollTo').mockImplementation(() => undefined);
  const rows = Array.from({ length: 500 }, (_, at) => String(at));
  const props = $state({
    rows,
    key: (one: string) => one,
    row: createRawSnippet(() => ({ render: () => '<i></i>' })),
    label: 'rows',
    active: 400,
    sought: 0,
  });
  const shown = mount(Rows<string>, { target: document.body, props });
  const after = async (parts: Partial<typeof props>) => {
    await tick();
    scrolls.mockClear();
    Object.assign(props, parts);
    await tick();
    return scrolls.mock.calls.length;
  };
  expect(await after({ active: 450 })).toBe(1);
  expect(await after({ active: 450, label: 'the same' })).toBe(0);
  expect(await after({ sought: 1 })).toBe(1);
  await unmount(shown);
});
