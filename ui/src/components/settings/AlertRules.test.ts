import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost, watches } from '../../lib/host/fake';
import type { Rule } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings, usualRules } from '../../lib/testing';
import AlertRules from './AlertRules.svelte';

afterEach(cleanup);

function shown(rules: Rule[] = usualRules) {
  const asks = {
    rules_usual: () => usualRules,
    review_cards: () => [],
    settings_change: ({ parts }: { parts: object }) => settings(parts),
  };
  const signedIn = new SignedIn(new App(fakeHost({ asks, streams: watches })));
  const teams = [{ id: 't', name: 'Mañana', members: [] }];
  signedIn.settings.value = settings({ rules, teams });
  render(AlertRules, { signedIn });
  return signedIn;
}

const row = (id: string) => document.querySelector<HTMLElement>(`[data-rule="${id}"]`) as HTMLElement;
const kept = (signedIn: SignedIn, id: string) =>
  signedIn.settings.value?.rules.find((rule) => rule.id === id);

async function type(id: string, side: string, value: string) {
  const field = row(id).querySelector<HTMLInputElement>(`[data-side=${side}]`) as HTMLInputElement;
  await fireEvent.change(field, { target: { value } });
}

it('changes a row, goes back one step, and back to what it came with', async () => {
  const signedIn = shown();
  await type('inPause', 'bad', '25');
  expect(kept(signedIn, 'inPause')?.bad).toBe(1500);
  await type('inPause', 'warn', '5');
  await vi.waitFor(() => expect(row('inPause').querySelector('[data-testid=rule-reset]')).not.toBeNull());
  await fireEvent.click(row('inPause').querySelector('[data-testid=rule-undo]') as HTMLElement);
  expect([kept(signedIn, 'inPause')?.warn, kept(signedIn, 'inPause')?.bad]).toEqual([600, 1500]);
  await fireEvent.click(row('inPause').querySelector('[data-testid=rule-reset]') as HTMLElement);
  expect(kept(signedIn, 'inPause')).toEqual(usualRules.find((rule) => rule.id === 'inPause'));
});

it('says who hears of it', async () => {
  const signedIn = shown();
  const choice = row('abandonRate').querySelector('select') as HTMLSelectElement;
  expect(choice.value).toBe('nobody');
  await fireEvent.change(choice, { target: { value: 'notice_bad' } });
  expect([kept(signedIn, 'abandonRate')?.hears, kept(signedIn, 'abandonRate')?.from]).toEqual([
    'notice',
    'bad',
  ]);
});

it('has an exception under its row, which goes and comes back', async () => {
  const signedIn = shown();
  const add = screen.getByTestId<HTMLButtonElement>('rule-add');
  expect(add.getAttribute('aria-disabled')).toBe('true');
  await fireEvent.change(screen.getByTestId('rule-scope'), { target: { value: 'team:t' } });
  await vi.waitFor(() => expect(add.getAttribute('aria-disabled')).not.toBe('true'));
  await fireEvent.click(add);
  const own = await vi.waitFor(() => {
    const found = signedIn.settings.value?.rules.find((rule) => rule.team === 't');
    if (!found) throw new Error('there is none');
    return found;
  });
  expect(own.measure).toBe('waiting');
  await vi.waitFor(() => expect(row('waiting').nextElementSibling).toBe(row(own.id)));
  await fireEvent.click(row(own.id).querySelector('.acts button:last-child') as HTMLElement);
  await vi.waitFor(() => expect(kept(signedIn, own.id)).toBeUndefined());
  await fireEvent.click(screen.getByTestId('undo'));
  expect(kept(signedIn, own.id)).toEqual(own);
});
