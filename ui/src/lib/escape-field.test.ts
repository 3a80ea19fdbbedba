import { expect, it, vi } from 'vitest';
import { cleared } from './escape-field';

it('takes Escape only while there is something typed', () => {
  const around = vi.fn();
  const [box, field] = [document.createElement('div'), document.createElement('input')];
  box.append(field);
  box.addEventListener('keydown', around);
  let typed = 'ana';
  field.addEventListener('keydown', (event) => cleared(event, typed, () => (typed = '')));
  const press = (key: string) =>
    field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  press('a');
  expect([typed, around.mock.calls.length]).toEqual(['ana', 1]);
  expect(press('Escape')).toBe(false);
  expect([typed, around.mock.calls.length]).toEqual(['', 1]);
  expect(press('Escape')).toBe(true);
  expect(around).toHaveBeenCalledTimes(2);
});
