import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import type { Card } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import ReviewRules from './ReviewRules.svelte';

afterEach(cleanup);

const card: Card = { id: 'c', version: 1, name: 'Sales', sections: [], bands: [] };

it('is nothing until somebody chooses, differs for a scorecard, and is the same again', async () => {
  const host = fakeHost({
    asks: { review_cards: () => [card], settings_change: ({ parts }) => settings(parts) },
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  render(ReviewRules, { signedIn });
  const kept = () => signedIn.settings.value?.reviewRules;
  expect(kept()).toEqual([]);
  const all = { card: '', under: 70, fatal: false, hears: 'sound' };
  const field = (name: string, at = 0) => screen.getAllByTestId(name)[at] as HTMLInputElement;
  await fireEvent.change(field('review-rule-under'), { target: { value: '70' } });
  await vi.waitFor(() => expect(kept()).toEqual([all]));
  await fireEvent.click(field('review-rule-fatal'));
  await vi.waitFor(() => expect(kept()).toEqual([{ ...all, fatal: true }]));

  await vi.waitFor(() => screen.getByText('Sales'));
  await fireEvent.change(field('review-rule-card'), { target: { value: 'c' } });
  await fireEvent.click(field('review-rule-add'));
  await vi.waitFor(() => expect(screen.getAllByTestId('review-rule')).toHaveLength(2));
  await fireEvent.change(field('review-rule-under', 1), { target: { value: '' } });
  await fireEvent.change(field('review-rule-hears', 1), { target: { value: 'nobody' } });
  const own = { card: 'c', under: null, fatal: true, hears: 'nobody' };
  await vi.waitFor(() => expect(kept()).toEqual([{ ...all, fatal: true }, own]));
  await fireEvent.click(field('review-rule-remove'));
  await vi.waitFor(() => expect(kept()).toEqual([{ ...all, fatal: true }]));
  await fireEvent.click(screen.getByTestId('undo'));
  await vi.waitFor(() => expect(kept()).toHaveLength(2));
});
