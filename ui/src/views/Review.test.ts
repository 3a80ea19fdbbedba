import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import en from '../../messages/en.json';
import HelpPanel from '../components/shared/HelpPanel.svelte';
import { fakeHost, taken } from '../lib/host/fake';
import { MockReview } from '../lib/host/mock-review';
import { App } from '../lib/state/app.svelte';
import { keys } from '../lib/state/keys.svelte';
import { SignedIn } from '../lib/state/signed-in.svelte';
import { settings } from '../lib/testing';
import Review from './Review.svelte';

beforeEach(() => {
  // Not in jsdom: a sheet is shown, and lists have a height.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
    this.dispatchEvent(new Event('close'));
  };
  Element.prototype.scrollIntoView = () => undefined;
  window.addEventListener('keydown', keys.handle);
});
afterEach(() => {
  window.removeEventListener('keydown', keys.handle);
  cleanup();
});

/** The room as it is when somebody comes in, and what was asked of the program. */
async function entered() {
  const desk = new MockReview();
  const host = fakeHost({
    asks: {
      ...desk.answers,
      draft_get: () => null,
      draft_set: taken,
      recording_prefetch: taken,
      tags_for: () => [],
      tags_recent: () => [],
      review_report: () => [],
      disposition_names: () => [],
    },
    streams: { recording_open: taken },
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  render(Review, { signedIn });
  await screen.findByTestId('scorecard');
  return { signedIn, host, desk };
}

const press = (code: string, more: KeyboardEventInit = {}, on: Element = document.body) =>
  fireEvent.keyDown(on, { code, key: code.replace(/^Key|^Digit/, ''), ...more });
const card = () => screen.getByTestId('scorecard').dataset;
const answered = (count: string) => vi.waitFor(() => expect(card().answered).toBe(count));

it('takes every kind of answer by key, asks for the comment that is due, finishes and goes on', async () => {
  const { signedIn, desk } = await entered();
  const first = signedIn.review.call?.guid;
  await press('Digit1');
  await answered('1');
  await press('Numpad1');
  await answered('2');
  await press('Digit3');
  await answered('3');
  // Less than the best: a comment is due here, so the question stays.
  expect(signedIn.review.at).toBe(2);
  await press('KeyE');
  // One answer and one comment are missing; the first of them is at hand.
  expect((await screen.findByText(/missing: 2/)).tagName).toBe('SPAN');
  expect(signedIn.review.at).toBe(2);
  await press('KeyC');
  const field = document.activeElement as HTMLTextAreaElement;
  expect(field.tagName).toBe('TEXTAREA');
  await fireEvent.input(field, { target: { value: 'interrumpe' } });
  // A digit typed there is text.
  await press('Digit1', {}, field);
  await press('Escape', {}, field);
  // With its comment it is done with: a digit does not answer it anew.
  expect(signedIn.review.at).toBe(3);
  await press('Minus');
  await answered('4');
  expect(signedIn.review.review?.answers.resuelve?.value).toEqual({ kind: 'choice', index: 0 });
  await press('Minus');
  await vi.waitFor(() =>
    expect(signedIn.review.review?.answers.resuelve?.value).toEqual({ kind: 'choice', index: 1 }),
  );
  await press('KeyE');
  await vi.waitFor(() => expect(signedIn.review.call?.guid).not.toBe(first));
  expect([desk.sample().done, desk.lines()[0]?.percent]).toEqual([1, 75]);
});

it('keeps a note begun when Escape leaves it, and goes on with it', async () => {
  const { signedIn, desk } = await entered();
  await press('KeyN');
  await tick();
  const field = screen.getByTestId<HTMLTextAreaElement>('note-text');
  expect(document.activeElement).toBe(field);
  await fireEvent.input(field, { target: { value: 'promete' } });
  await press('Escape', {}, field);
  expect(signedIn.review.book.draft?.text).toBe('promete');
  await press('KeyN');
  await tick();
  expect(document.activeElement).toBe(field);
  await press('Enter', { key: 'Enter' }, field);
  await vi.waitFor(() => expect(screen.getByTestId('notes').dataset.count).toBe('1'));
  expect(desk.notes({ guid: signedIn.review.call?.guid ?? '' })[0]?.text).toBe('promete');
});

it('leaves a call out and takes it in again by key', async () => {
  const { signedIn, desk } = await entered();
  await press('KeyQ');
  const sheet = await screen.findByTestId('skip');
  await fireEvent.keyDown(sheet, { code: 'Digit2' });
  await vi.waitFor(() => expect(desk.sample().skipped).toBe(1));
  await vi.waitFor(() => expect(signedIn.review.index).toBe(1));
  await press('KeyP');
  await vi.waitFor(() => expect(signedIn.review.index).toBe(0));
  await press('KeyQ');
  await vi.waitFor(() => expect(desk.sample().skipped).toBe(0));
});

it('goes to every tab with Ctrl, also while something is typed', async () => {
  const { signedIn } = await entered();
  const room = screen.getByTestId('review').dataset;
  await press('Digit2', { ctrlKey: true }, screen.getByTestId('tag-input'));
  await vi.waitFor(() => expect(room.tab).toBe('list'));
  await vi.waitFor(() => expect(document.activeElement?.id).toBe('review-panel'));
  await press('Slash');
  expect((document.activeElement as HTMLElement).dataset.testid).toBe('review-find');
  // The keys of judging rest here.
  await press('KeyQ');
  expect(screen.queryByTestId('skip')).toBeNull();
  await press('Digit1', { ctrlKey: true });
  await vi.waitFor(() => expect(signedIn.review.tab).toBe('work'));
});

it('shows the keys that work here, and none that something nearer has taken', async () => {
  await entered();
  render(HelpPanel, { here: 'review' });
  const shown = (screen.getByTestId('help').textContent ?? '').replace(/\s+/g, ' ');
  for (const there of ['Ctrl 7', 'Leave out, or take in again', 'Better answer'])
    expect(shown).toContain(there);
  for (const taken of [en.wave_zoom_in, en.wave_zoom_out, en.player_from_start])
    expect(shown).not.toContain(taken);
});

it('ends a worklist in its report and the next sample', async () => {
  const { signedIn, host, desk } = await entered();
  expect(screen.queryByTestId('worklist-through')).toBeNull();
  for (const { call } of desk.items()) desk.skip({ id: 1, guid: call.guid, reason: 'corta' });
  await signedIn.review.refreshSamples();
  await fireEvent.click(await screen.findByTestId('through-next'));
  // Drawn alike, from the day after on.
  const from = await screen.findByTestId<HTMLInputElement>('sample-from');
  expect(from.value).toBe('2026-04-01');
  await fireEvent.click(screen.getByTestId('through-report'));
  await screen.findByTestId('reports');
  const filter: unknown = expect.objectContaining({ from: '2026-03-01', to: '2026-03-31', card: 'atencion' });
  expect(host.asked('review_report')).toContainEqual({ filter, by: 'agent' });
});
