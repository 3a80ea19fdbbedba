import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import en from '../../messages/en.json';
import type { Args } from '../lib/host/answers';
import { fakeHost, taken, wished } from '../lib/host/fake';
import type { Card, LocateUpdate, Place, SearchUpdate, Transport } from '../lib/host/host';
import { MockDesk } from '../lib/host/mock-desk';
import { MockList } from '../lib/host/mock-list';
import { MockReview } from '../lib/host/mock-review';
import { App } from '../lib/state/app.svelte';
import { keys } from '../lib/state/keys.svelte';
import { SignedIn } from '../lib/state/signed-in.svelte';
import { single } from '../lib/state/sources';
import { call, settings, transport as transportOf } from '../lib/testing';
import Calls from './Calls.svelte';

const guid = 'guid-0001';
const transport = transportOf({ phase: 'playing', positionSecs: 12.5, durationSecs: 50, bufferedSecs: 50 });
const cardOf = (id: string): Card => ({ id, version: 1, name: id, sections: [], bands: [] });

function shown(cards: Card[] = []) {
  const list = new MockList();
  const desk = new MockDesk(new URLSearchParams());
  const { review_open, notes_of } = new MockReview().answers;
  const host = fakeHost({
    asks: {
      calls_cancel: taken,
      calls_facets: () => list.facets(),
      calls_flag: ({ guids, flagged }) => list.flag(guids, flagged),
      calls_last_query: () => null,
      calls_place: ({ guid }) => list.place(guid),
      calls_remember: taken,
      calls_slice: ({ from, count }) => list.slice(from, count),
      calls_view: ({ view, count }) => list.look(view, count),
      diagnostics: () => ({ ...desk.diagnostics(), clockDifferenceSecs: -95 }),
      draft_get: () => null,
      draft_set: taken,
      notes_of,
      player_seek_by: wished,
      player_toggle: taken,
      review_cards: () => cards,
      review_cards_for: () => cards,
      review_open,
      tag_send: ({ request }) => ({ guid, text: request.text, state: 'pending', atMs: 1, problem: null }),
      tags_for: () => [],
      tags_recent: () => ['vip'],
    },
    streams: { calls_search: () => 7, recording_open: taken },
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings({ tagPresets: ['factura', 'reclamo'] });
  render(Calls, { signedIn });
  const say = {
    search: (update: SearchUpdate) => host.emit('calls_search', update),
    find: (update: LocateUpdate) => host.emit('recording_open', update),
    /** What the player says of the recording opened last. */
    player: (transport: Transport) => {
      const ticket = host.opened('recording_open').at(-1)?.request.ticket ?? 0;
      signedIn.player.take({ kind: 'transport', ticket, transport });
    },
  };
  return { signedIn, host, say, list };
}

/** A search done, its one call selected. */
async function found(cards: Card[] = []) {
  const all = shown(cards);
  await all.signedIn.calls.start();
  await fireEvent.submit(screen.getByTestId('calls-search').closest('form') as HTMLFormElement);
  await vi.waitFor(() => expect(all.host.opened('calls_search')).toHaveLength(1));
  all.list.add([call()]);
  all.say.search({ kind: 'page', calls: 1, pages: 1, rows: 2, dropped: 0 });
  all.say.search({ kind: 'done', calls: 1, rows: 2 });
  await vi.waitFor(() => expect(all.signedIn.calls.shown).toBe(1));
  await press('ArrowDown');
  await vi.waitFor(() => expect(all.signedIn.calls.selected).toBe(guid));
  return all;
}

const press = (code: string, target: Element = document.body) =>
  fireEvent.keyDown(target, { code, key: code });
const player = () => screen.getByTestId('player').dataset;

describe('the calls view', () => {
  beforeEach(() => window.addEventListener('keydown', keys.handle));
  afterEach(() => {
    cleanup();
    vi.restoreAllMocks();
    window.removeEventListener('keydown', keys.handle);
  });

  it('searches, counts, and shows the call selected', async () => {
    await found();
    expect(screen.getByTestId('calls-count').dataset).toMatchObject({ calls: '1', legs: '2', phase: 'done' });
    expect(screen.getByTestId('call-detail').dataset.guid).toBe(guid);
  });

  it('says how far the clocks are apart, near the dates', async () => {
    shown();
    const note = await screen.findByTestId('calls-clock');
    expect(note.textContent).toContain('1:35');
  });

  it('flags with a key, and takes it back', async () => {
    const { host } = await found();
    const flagged: Args<'calls_flag'>[] = [{ guids: [guid], flagged: true }];
    await press('KeyM');
    expect(host.asked('calls_flag')).toEqual(flagged);
    await fireEvent.click(await screen.findByTestId('flag-undo'));
    expect(host.asked('calls_flag')).toEqual([...flagged, { guids: [guid], flagged: false }]);
  });

  it('keeps what arrived when a search fails, says why and asks again', async () => {
    const { say, host } = await found();
    say.search({ kind: 'failed', problem: { code: 'timeout', params: {}, retryable: true } });
    const strip = await screen.findByTestId('calls-failed');
    expect(strip.textContent).toContain(en.problem_timeout);
    await fireEvent.click(within(strip).getByTestId('calls-retry'));
    expect(host.opened('calls_search')).toHaveLength(2);
  });

  it('does not say that there are none when none could be read', async () => {
    const { signedIn, host, say } = shown();
    await signedIn.calls.start();
    await fireEvent.submit(screen.getByTestId('calls-search').closest('form') as HTMLFormElement);
    await vi.waitFor(() => expect(host.opened('calls_search')).toHaveLength(1));
    const count = screen.getByTestId('calls-count');
    say.search({ kind: 'failed', problem: { code: 'timeout', params: {}, retryable: true } });
    await screen.findByTestId('calls-failed');
    expect(count.textContent).not.toMatch(/\d/);
  });

  it('plays by keys, and tells how far it is', async () => {
    const { host, say } = await found();
    await press('Enter');
    expect(player()).toMatchObject({ phase: 'looking', guid });
    say.find({
      kind: 'found',
      place: { host: 'telephony', day: '20260131', format: 'mp3' },
      millis: 9,
      cached: false,
    });
    say.player(transport);
    await vi.waitFor(() => expect(player().phase).toBe('playing'));
    expect(screen.getByTestId('player-position').dataset.secs).toBe('12.5');
    expect(screen.getByTestId('player-duration').textContent).toBe('~0:50');
    for (const code of ['KeyK', 'KeyJ', 'ArrowRight']) await press(code);
    expect(host.asked('player_toggle')).toEqual([{}]);
    expect(host.asked('player_seek_by')).toEqual([{ secs: -10 }, { secs: 5 }]);
  });

  it('shows in the list the call that is heard, and says in words where it is not in it', async () => {
    const { list, signedIn } = await found();
    list.add([call({ guid: 'guid-0002' })]);
    await signedIn.calls.list.apply();
    await signedIn.play(call({ guid: 'guid-0002' }));
    await signedIn.calls.move(-1);
    expect(signedIn.calls.selected).toBe(guid);
    const show = () => fireEvent.click(screen.getByTestId('player-call'));
    signedIn.view = 'review';
    const before = signedIn.calls.list.sought;
    await show();
    await vi.waitFor(() => expect(signedIn.calls.selected).toBe('guid-0002'));
    // Its row may be out of sight though it is the one selected.
    await show();
    await vi.waitFor(() => expect(signedIn.calls.list.sought).toBe(before + 2));
    expect(signedIn.view).toBe('calls');
    expect(screen.queryByTestId('call-absent')).toBeNull();

    await signedIn.listening.listen({ call: call({ guid: 'guid-0009' }), source: single, asked: true });
    await show();
    const absent = async () => (await screen.findByTestId('call-absent')).textContent?.trim();
    expect(await absent()).toBe(en.call_show_not_found);
    await signedIn.calls.narrow({ text: 'ana' });
    await show();
    await vi.waitFor(async () => expect(await absent()).toBe(en.call_show_narrowed));
    expect(signedIn.calls.selected).toBe('guid-0002');
  });

  it('tells of no call a held key passes by, and means the one it came to when something is done', async () => {
    const { host, list, signedIn } = await found();
    list.add(['2', '3', '4', '5'].map((last) => call({ guid: `guid-000${last}` })));
    await signedIn.calls.list.apply();
    const detail = () => screen.getByTestId('call-detail').dataset.guid;
    const told = () => host.asked('notes_of').map(({ guid }) => guid);
    // However long the presses take here.
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_000);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      await press('ArrowDown');
      await tick();
    }
    const [here, before] = ['guid-0004', told().length];
    expect(signedIn.calls.selected).toBe(here);
    expect(detail()).not.toBe(here);
    await press('KeyN');
    await screen.findByTestId('note-text');
    expect([detail(), told().slice(before), signedIn.notes.call?.guid]).toEqual([here, [here], here]);
    await press('Digit1');
    expect(host.asked('tag_send').map(({ request }) => request.guid)).toEqual([here]);
    await press('ArrowDown');
    await vi.waitFor(() => expect(detail()).toBe('guid-0005'));
    expect(told()).not.toContain('guid-0003');
  });

  it('leaves keys to the field that is being typed in, and arrows to the volume', async () => {
    const { host } = await found();
    await press('Enter');
    const before = host.log.length;
    await press('KeyK', screen.getByTestId('calls-tag'));
    await press('Digit1', screen.getByTestId('tag-input'));
    await press('ArrowRight', screen.getByTestId('player-volume'));
    expect(host.log.slice(before)).toEqual([]);
  });

  it.each([
    ['the only card at once', ['a'], [], 'a'],
    ['the likeliest of several', ['b', 'a'], ['Enter'], 'b'],
    ['another one', ['b', 'a'], ['Digit2'], 'a'],
  ])('judges by key with %s', async (_what, cards, then, wanted) => {
    const { host, signedIn } = await found(cards.map(cardOf));
    await vi.waitFor(() => expect(host.asked('review_cards_for')).toEqual([{ call: call() }]));
    await tick();
    await press('KeyE');
    for (const code of then) {
      await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('b'));
      const here = document.activeElement as HTMLElement;
      if (code === 'Enter') await fireEvent.click(here);
      else await press(code, here);
    }
    await vi.waitFor(() => expect(host.asked('review_open')).toEqual([{ call: call(), card: wanted }]));
    expect(signedIn.view).toBe('review');
    await vi.waitFor(() => expect(signedIn.review.review?.call.guid).toBe(guid));
    expect(host.asked('tag_send')).toEqual([]);
  });

  it('opens on the calls of today, without being asked', async () => {
    const { host } = shown();
    await vi.waitFor(() => expect(host.opened('calls_search')).toHaveLength(1));
    expect(host.opened('calls_search')[0]?.query.search.period).toBe('today');
  });

  it('begins a note by key, kept with its call', async () => {
    const { host, signedIn } = await found();
    host.asks.note_add = ({ secs, text, shared }) => ({
      id: 1,
      guid,
      atSecs: secs,
      text,
      shared,
      reviewer: 'Ana',
      madeMs: 1,
    });
    await press('KeyN');
    const field = await screen.findByTestId<HTMLTextAreaElement>('note-text');
    await vi.waitFor(() => expect(document.activeElement).toBe(field));
    await fireEvent.input(field, { target: { value: 'promete' } });
    await fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
    await vi.waitFor(() => expect(signedIn.notes.draft).toBeNull());
    expect(host.asked('note_add').map(({ call: of, text }) => [of.guid, text])).toEqual([[guid, 'promete']]);
  });

  it('tags with a number key, once', async () => {
    const { host } = await found();
    await press('Digit2');
    await press('Digit2');
    await press('Digit9');
    expect(host.asked('tag_send').map(({ request }) => request.text)).toEqual(['reclamo']);
    const chip = await screen.findByTestId('tag-chip');
    expect(chip.dataset).toMatchObject({ text: 'reclamo', state: 'pending' });
  });

  it.each([
    ['notFoundAnywhere', en.problem_notFoundAnywhere],
    ['recordingForbidden', en.problem_recordingForbidden],
    ['convertTimedOut', en.problem_convertTimedOut],
  ])('says in words why there is nothing to hear: %s', async (code, words) => {
    const { say, host } = await found();
    await press('Enter');
    say.find({ kind: 'converting' });
    say.find({ kind: 'failed', problem: { code, params: {}, retryable: false } });
    const status = await screen.findByTestId('player-status');
    expect(status.textContent).toContain(words);
    expect(player()).toMatchObject({ phase: 'failed', problem: code });
    await fireEvent.click(screen.getByTestId('player-retry'));
    expect(host.opened('recording_open')).toHaveLength(2);
  });

  it('says that nobody has asked the server to convert what played by itself', async () => {
    const { say } = await found();
    await press('Enter');
    say.find({ kind: 'failed', problem: { code: 'notFoundAnywhere', params: {}, retryable: false } });
    const status = await screen.findByTestId('player-status');
    expect(status.textContent).toContain(en.locate_not_converted);
  });

  it.each(['notAudio', 'empty', 'tooShort', 'truncated', 'noDevice', 'readFailed'])(
    'has words for what stops the player: %s',
    async (code) => {
      const { say } = await found();
      await press('Enter');
      const place: Place = { host: 'telephony', day: null, format: 'mp3' };
      say.find({ kind: 'found', place, millis: 9, cached: true });
      say.player({ ...transport, phase: 'failed', problem: code });
      const status = await screen.findByTestId('player-status');
      expect(status.textContent).toContain((en as Record<string, unknown>)[`problem_${code}`]);
    },
  );
});
