import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import type { Answers } from '../../lib/host/answers';
import { fakeHost } from '../../lib/host/fake';
import type { HandedFound, Sample } from '../../lib/host/host';
import { NOTHING_ASKED } from '../../lib/sound-words';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import HandedNote from './HandedNote.svelte';
import HandOn from './HandOn.svelte';
import TakeIn from './TakeIn.svelte';

afterEach(cleanup);

function sample(parts: Partial<Sample> = {}): Sample {
  return {
    id: 7,
    request: {
      name: 'Noviembre',
      from: '2026-11-01 00:00:00',
      to: '2026-11-30 23:59:59',
      campaign: '',
      agents: [],
      perAgent: 2,
      each: {},
      direction: null,
      disposition: '',
      minSecs: 60,
      maxSecs: null,
      skipReviewed: true,
      card: 'c',
      seed: 1,
      ...NOTHING_ASKED,
    },
    madeMs: 0,
    calls: 20,
    done: 6,
    skipped: 2,
    at: null,
    handed: null,
    ...parts,
  };
}

const found: HandedFound = {
  name: 'Noviembre',
  by: 'Marta',
  to: 'Ana',
  atMs: 0,
  card: 'Atención',
  version: 2,
  cardHere: 'same',
  here: null,
  calls: 20,
  open: 12,
  done: 6,
  skipped: 2,
  reviews: 6,
  reviewsHere: 0,
  drafts: 1,
  notes: 3,
  notesHere: 0,
};

function signedIn(asks: Partial<Answers>) {
  const host = fakeHost({
    asks: { sample_reviewers: () => ['Ana', 'Marta'], samples: () => [], ...asks },
  });
  const made = new SignedIn(new App(host));
  made.settings.value = settings({ reviewer: 'Marta' });
  return { host, made };
}

it('is given away once its file is there, and not when nobody chose a place for it', async () => {
  let place: string | null = null;
  const { host, made } = signedIn({
    sample_file: () => '{}',
    save_json: () => place,
    exported: () => null,
    sample_hand_on: () => sample(),
  });
  render(HandOn, { signedIn: made, sample: sample(), onclose: vi.fn() });
  const give = screen.getByTestId('hand-give');
  const whom = screen.getByTestId('hand-whom');
  expect(give.getAttribute('aria-disabled'), 'to nobody').toBe('true');
  await fireEvent.input(whom, { target: { value: 'Marta' } });
  expect(give.getAttribute('aria-disabled'), 'to oneself').toBe('true');
  await fireEvent.input(whom, { target: { value: ' Inés ' } });
  await fireEvent.click(screen.getByTestId('hand-drafts'));
  await fireEvent.click(give);
  await vi.waitFor(() => expect(host.log).toContain('save_json'));
  expect(host.asked('sample_file')).toEqual([{ id: 7, to: 'Inés', drafts: false, notes: true }]);
  expect(host.log).not.toContain('sample_hand_on');
  place = '/tmp/x.json';
  await fireEvent.click(give);
  await vi.waitFor(() => expect(host.asked('sample_hand_on')).toEqual([{ id: 7, to: 'Inés' }]));
});

it('leaves Escape to the sheet, save for the names that are offered', async () => {
  const { made } = signedIn({});
  render(HandOn, { signedIn: made, sample: sample(), onclose: vi.fn() });
  const whom = screen.getByTestId('hand-whom');
  expect(await fireEvent.keyDown(whom, { key: 'Escape' }), 'left to the sheet').toBe(true);
  await vi.waitFor(async () => {
    await fireEvent.input(whom, { target: { value: 'An' } });
    expect(whom.getAttribute('aria-expanded')).toBe('true');
  });
  expect(await fireEvent.keyDown(whom, { key: 'Escape' }), 'closes the names').toBe(false);
  expect(whom.getAttribute('aria-expanded')).toBe('false');
});

it('is given to somebody at this computer without a file', async () => {
  const { host, made } = signedIn({ sample_hand_on: () => sample() });
  render(HandOn, { signedIn: made, sample: sample(), onclose: vi.fn() });
  await fireEvent.input(screen.getByTestId('hand-whom'), { target: { value: 'Ana' } });
  await fireEvent.click(screen.getByTestId('hand-here'));
  await fireEvent.click(screen.getByTestId('hand-give'));
  await vi.waitFor(() => expect(host.asked('sample_hand_on')).toEqual([{ id: 7, to: 'Ana' }]));
  expect(host.log).not.toContain('sample_file');
});

it('says who has it and how far it is, or whom it came from, and is taken back', async () => {
  const { host, made } = signedIn({ sample_take_back: () => sample() });
  const away = { by: 'Marta', to: 'Ana', atMs: 0, taken: false };
  const { rerender } = render(HandedNote, { signedIn: made, sample: sample({ handed: away }) });
  expect(screen.getByTestId('handed').textContent).toMatch(/Ana: 12 of 20/);
  await fireEvent.click(screen.getByTestId('handed-back'));
  await vi.waitFor(() => expect(host.asked('sample_take_back')).toEqual([{ id: 7 }]));
  await rerender({ sample: sample({ handed: { ...away, by: 'Ana', to: 'Marta', taken: true } }) });
  expect(screen.getByTestId('handed').dataset.mine).toBe('true');
  expect(screen.queryByTestId('handed-back'), 'what came cannot be taken back').toBeNull();
});

it('shows what is in a file before it is taken in, and refuses another card and what is newer', async () => {
  const { host, made } = signedIn({
    open_json: () => 'text',
    sample_look_in: () => found,
    sample_take_in: () => ({ sample: sample(), reviews: 6, drafts: 1, notes: 3 }),
  });
  const handing = made.panels.handing();
  expect(await handing.open('x')).toBe(true);
  const { rerender } = render(TakeIn, { signedIn: made, handing, onclose: vi.fn() });
  expect(screen.getByTestId('take-in').textContent).toMatch(/12.*6.*2/);
  await fireEvent.click(screen.getByTestId('take-go'));
  await vi.waitFor(() => screen.getByTestId('take-done'));
  expect(host.asked('sample_take_in')).toEqual([{ text: 'text' }]);

  host.asks.sample_look_in = () => ({ ...found, cardHere: 'differs' as const });
  await handing.open('x');
  await rerender({ handing });
  expect(screen.getByTestId('take-go').getAttribute('aria-disabled')).toBe('true');

  host.asks.sample_look_in = () => {
    throw { code: 'reviewFileNewer', params: { layout: '2' }, retryable: false };
  };
  expect(await handing.open('x'), 'why is said').toBe(true);
  await vi.waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/newer Atalaya/));
  expect(screen.queryByTestId('take-go')).toBeNull();
});
