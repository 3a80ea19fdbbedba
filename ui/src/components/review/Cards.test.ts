import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost, taken } from '../../lib/host/fake';
import type { Card } from '../../lib/host/host';
import { MockReview } from '../../lib/host/mock-review';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import Cards from './Cards.svelte';

afterEach(cleanup);

/** The room of cards, with these. */
async function entered(cards: Card[]) {
  const desk = new MockReview();
  const save = vi.fn(({ card }: { card: Card }) => ({ ...card, version: card.version + 1 }));
  const host = fakeHost({
    asks: {
      ...desk.answers,
      review_cards: () => cards,
      review_card_save: save,
      draft_get: () => null,
      draft_set: taken,
    },
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  signedIn.review.cards = cards;
  render(Cards, { signedIn, ondraw: () => undefined });
  return { desk, save };
}
const name = () => screen.getByTestId<HTMLInputElement>('card-name');

it('offers cards to begin with where there is none, and makes a copy one’s own', async () => {
  const { save } = await entered([]);
  const offered = await screen.findByTestId('starting-card');
  await fireEvent.click(offered);
  await vi.waitFor(() => expect(document.activeElement).toBe(name()));
  await fireEvent.input(name(), { target: { value: 'La nuestra' } });
  await fireEvent.click(screen.getByTestId('card-save'));
  await vi.waitFor(() => expect(save).toHaveBeenCalled());
  const saved = save.mock.calls[0]?.[0].card;
  expect([saved?.name, saved?.version, saved?.id === 'service']).toEqual(['La nuestra', 0, false]);
});

it('gives a new question the focus', async () => {
  await entered([]);
  await fireEvent.click(screen.getByTestId('card-new'));
  await fireEvent.click(await screen.findByTestId('question-add'));
  const texts = screen.getAllByTestId('question-text');
  await vi.waitFor(() => expect(document.activeElement).toBe(texts.at(-1)));
  expect(texts).toHaveLength(2);
});

it('goes back to what was not saved when another card was taken up', async () => {
  const { desk } = await entered(new MockReview().cards);
  const [first, second] = screen.getAllByTestId('card-pick');
  if (!first || !second) throw new Error('two cards');
  await fireEvent.click(first);
  await fireEvent.input(name(), { target: { value: 'A medias' } });
  await fireEvent.click(second);
  expect(name().value).toBe(desk.cards[1]?.name);
  await fireEvent.click(screen.getByTestId('card-back'));
  expect(name().value).toBe('A medias');
});
