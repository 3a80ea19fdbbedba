import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import type { Settings } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import FirstSteps from './FirstSteps.svelte';

afterEach(cleanup);

function shown() {
  const kept: Partial<Settings>[] = [];
  const host = fakeHost({
    asks: {
      review_cards: () => [],
      samples: () => [],
      draft_get: () => null,
      settings_change: ({ parts }) => {
        kept.push(parts);
        return { ...settings({ reviewer: '', welcomed: false }), ...Object.assign({}, ...kept) };
      },
    },
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings({ reviewer: '', welcomed: false });
  const onroom = vi.fn();
  render(FirstSteps, { signedIn, onroom });
  return { signedIn, onroom, kept: () => kept };
}

it('keeps the name typed, and goes to what was chosen; where nothing was judged with yet, to the cards', async () => {
  const { signedIn, onroom } = shown();
  await fireEvent.input(screen.getByTestId('first-name'), { target: { value: ' Marta ' } });
  await fireEvent.click(screen.getByTestId('first-review'));
  expect(onroom).toHaveBeenCalledWith('review');
  await vi.waitFor(() => expect(signedIn.review.tab).toBe('cards'));
  expect([signedIn.settings.value?.reviewer, signedIn.settings.value?.welcomed]).toEqual(['Marta', true]);
});

it('is put away, and what was typed stays', async () => {
  const { signedIn, onroom } = shown();
  await fireEvent.input(screen.getByTestId('first-name'), { target: { value: 'Marta' } });
  await fireEvent.click(screen.getByTestId('first-close'));
  expect(onroom).not.toHaveBeenCalled();
  expect([signedIn.settings.value?.reviewer, signedIn.settings.value?.welcomed]).toEqual(['Marta', true]);
});

it('shows a name that is told meanwhile, and leaves it as it is', async () => {
  const { signedIn, kept } = shown();
  signedIn.settings.know({ reviewer: 'Valentina' });
  await tick();
  expect(screen.getByTestId<HTMLInputElement>('first-name').value).toBe('Valentina');
  await fireEvent.click(screen.getByTestId('first-close'));
  expect(kept()).toEqual([{ welcomed: true }]);
});

it('shows the name the session is known by where the settings were read before it was given', async () => {
  const { signedIn, kept } = shown();
  const told = { ...signedIn.session.state, reviewer: 'Valentina Sosa' };
  signedIn.session.state = told as NonNullable<typeof signedIn.session.state>;
  await tick();
  expect(screen.getByTestId<HTMLInputElement>('first-name').value).toBe('Valentina Sosa');
  await fireEvent.click(screen.getByTestId('first-close'));
  expect(kept()).toEqual([{ welcomed: true }]);
});
