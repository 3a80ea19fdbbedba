import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import en from '../../messages/en.json';
import type { FindUpdate, Host, ListenRequest, SearchUpdate, Settings, Transport } from '../lib/host/host';
import { MockList } from '../lib/host/mock-list';
import { App } from '../lib/state/app.svelte';
import { keys } from '../lib/state/keys.svelte';
import { SignedIn } from '../lib/state/signed-in.svelte';
import { single } from '../lib/state/sources';
import { call } from '../lib/testing';
import Calls from './Calls.svelte';

const guid = 'guid-0001';
const transport: Transport = {
  phase: 'playing',
  positionSecs: 12.5,
  durationSecs: 50,
  durationExact: false,
  bufferedSecs: 50,
  channels: null,
  volume: 0.8,
  hearing: { speed: 1, skipSilence: false, levelled: false, balance: 0, stepBackSecs: 1.5 },
  loopFromSecs: null,
  loopToSecs: null,
  savedSecs: 0,
  problem: null,
  endsAtSecs: null,
  meantToLastSecs: null,
  resumedAtSecs: null,
  underruns: 0,
};

function shown(cards: { id: string; name: string }[] = []) {
  const says: Record<string, (message: never) => void> = {};
  let ticket = 0;
  const stream = vi.fn((name: string, args: object, on: (message: never) => void) => {
    says[name] = on;
    if ('request' in args) ticket = (args.request as ListenRequest).ticket;
    return Promise.resolve(name === 'calls_search' ? 7 : null);
  });
  const list = new MockList();
  const ask = vi.fn(
    (
      name: string,
      args: { request?: { text: string }; guids: string[]; flagged: boolean; from?: number },
    ) => {
      const tag = { guid, text: args.request?.text ?? '', state: 'pending', atMs: 1, problem: null };
      return Promise.resolve(
        {
          tag_send: tag,
          tags_for: [],
          tags_recent: ['vip'],
          diagnostics: { clockDifferenceSecs: -95 },
          review_cards: [],
          review_cards_for: cards,
          calls_view: list.slice(0, 240),
          calls_slice: list.slice(args.from ?? 0, 240),
          calls_flag: name === 'calls_flag' ? list.flag(args.guids, args.flagged) : [],
        }[name] ?? null,
      );
    },
  );
  const signedIn = new SignedIn(new App({ ask, stream } as unknown as Host));
  signedIn.settings.value = { tagPresets: ['factura', 'reclamo'] } as Settings;
  render(Calls, { signedIn });
  const say = {
    search: (update: SearchUpdate) => says.calls_search?.(update as never),
    find: (update: FindUpdate) => says.recording_open?.(update as never),
    player: (transport: Transport) => signedIn.player.take({ kind: 'transport', ticket, transport }),
  };
  return { signedIn, ask, stream, say, list };
}

/** A search done, its one call selected. */
async function found(cards: { id: string; name: string }[] = []) {
  const all = shown(cards);
  await all.signedIn.calls.start(new Date(2026, 0, 31));
  await fireEvent.submit(screen.getByTestId('calls-search').closest('form') as HTMLFormElement);
  await vi.waitFor(() =>
    expect(all.stream).toHaveBeenCalledWith('calls_search', expect.anything(), expect.anything()),
  );
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
    const { ask } = await found();
    await press('KeyM');
    expect(ask).toHaveBeenCalledWith('calls_flag', { guids: [guid], flagged: true });
    await fireEvent.click(await screen.findByTestId('flag-undo'));
    expect(ask).toHaveBeenCalledWith('calls_flag', { guids: [guid], flagged: false });
  });

  it('keeps what arrived when a search fails, says why and asks again', async () => {
    const { say, stream } = await found();
    say.search({ kind: 'failed', problem: { code: 'timeout', params: {}, retryable: true } });
    const strip = await screen.findByTestId('calls-failed');
    expect(strip.textContent).toContain(en.problem_timeout);
    await fireEvent.click(within(strip).getByTestId('calls-retry'));
    expect(stream.mock.calls.filter(([name]) => name === 'calls_search')).toHaveLength(2);
  });

  it('plays by keys, and tells how far it is', async () => {
    const { ask, say } = await found();
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
    for (const [code, name, args] of [
      ['KeyK', 'player_toggle', {}],
      ['KeyJ', 'player_seek_by', { secs: -10 }],
      ['ArrowRight', 'player_seek_by', { secs: 5 }],
    ] as const) {
      await press(code);
      expect(ask).toHaveBeenCalledWith(name, args);
    }
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

  it('leaves keys to the field that is being typed in, and arrows to the volume', async () => {
    const { ask } = await found();
    await press('Enter');
    ask.mockClear();
    await press('KeyK', screen.getByTestId('calls-tag'));
    await press('Digit1', screen.getByTestId('tag-input'));
    await press('ArrowRight', screen.getByTestId('player-volume'));
    expect(ask).not.toHaveBeenCalled();
  });

  it.each([
    ['the only card at once', [{ id: 'a', name: 'Ventas' }], [], 'a'],
    ['the likeliest of several', [...'ba'].map((id) => ({ id, name: id })), ['Enter'], 'b'],
    ['another one', [...'ba'].map((id) => ({ id, name: id })), ['Digit2'], 'a'],
  ])('judges by key with %s', async (_what, cards, then, wanted) => {
    const { ask, signedIn } = await found(cards);
    await vi.waitFor(() => expect(ask).toHaveBeenCalledWith('review_cards_for', expect.anything()));
    await tick();
    await press('KeyE');
    for (const code of then) {
      await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('b'));
      const here = document.activeElement as HTMLElement;
      if (code === 'Enter') await fireEvent.click(here);
      else await press(code, here);
    }
    const opened = expect.objectContaining({ card: wanted }) as unknown;
    await vi.waitFor(() => expect(ask).toHaveBeenCalledWith('review_open', opened));
    expect(signedIn.view).toBe('review');
    expect(ask).not.toHaveBeenCalledWith('tag_send', expect.anything());
  });

  it('tags with a number key, once', async () => {
    const { ask } = await found();
    await press('Digit2');
    await press('Digit2');
    await press('Digit9');
    const sent = ask.mock.calls.filter(([name]) => name === 'tag_send');
    expect(sent.map(([, args]) => args.request?.text)).toEqual(['reclamo']);
    const chip = await screen.findByTestId('tag-chip');
    expect(chip.dataset).toMatchObject({ text: 'reclamo', state: 'pending' });
  });

  it.each([
    ['notFoundAnywhere', en.problem_notFoundAnywhere],
    ['recordingForbidden', en.problem_recordingForbidden],
    ['convertTimedOut', en.problem_convertTimedOut],
  ])('says in words why there is nothing to hear: %s', async (code, words) => {
    const { say, stream } = await found();
    await press('Enter');
    say.find({ kind: 'converting' });
    say.find({ kind: 'failed', problem: { code, params: {}, retryable: false } });
    const status = await screen.findByTestId('player-status');
    expect(status.textContent).toContain(words);
    expect(player()).toMatchObject({ phase: 'failed', problem: code });
    await fireEvent.click(screen.getByTestId('player-retry'));
    expect(stream.mock.calls.filter(([name]) => name === 'recording_open')).toHaveLength(2);
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
      const place = { host: 'telephony', day: null, format: 'mp3' };
      say.find({ kind: 'found', place, millis: 9, cached: true });
      say.player({ ...transport, phase: 'failed', problem: code });
      const status = await screen.findByTestId('player-status');
      expect(status.textContent).toContain((en as Record<string, string>)[`problem_${code}`]);
    },
  );
});
