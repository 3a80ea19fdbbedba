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
    row: createRawSnippet<[string, number]>(() => ({ render: () => '<i></i>' })),
    label: 'rows',
    active: 400,
    sought: 0,
    heads: [] as number[],
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
  // Heads come anew with every reading: who reads further down stays there.
  expect(await after({ heads: [] })).toBe(0);
  expect(await after({ heads: [0, 20] })).toBe(0);
  expect(await after({ heads: [0, 21] })).toBe(0);
  // The same row in another place is no reason to be taken there.
  const moved = ['450', ...rows.filter((one) => one !== '450')];
  expect(await after({ rows: moved, active: 0 })).toBe(0);
  await unmount(shown);
});

it('shows a row that is in two places at once, and what comes after it', async () => {
  vi.spyOn(window, 'requestAnimationFrame').mockReturnValue(0);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
  const props = $state({
    rows: ['a', 'b', 'a'],
    key: (one: string) => one,
    row: createRawSnippet<[string, number]>((one) => ({ render: () => `<i>${one()}</i>` })),
    label: 'rows',
  });
  const shown = mount(Rows<string>, { target: document.body, props });
  await vi.waitFor(() => expect(document.querySelectorAll('i')).toHaveLength(3));
  props.rows = ['a', 'b', 'a', 'c'];
  await vi.waitFor(() => expect(document.querySelectorAll('i')[3]?.textContent).toBe('c'));
  await unmount(shown);
});
