import { describe, expect, it } from 'vitest';
import type { Answers } from '../host/answers';
import { fakeHost, taken } from '../host/fake';
import type { Tag } from '../host/host';
import { call } from '../testing';
import { TagsState } from './tags.svelte';

/** What was tagged is taken, unless the test says otherwise. */
function tags(more: Partial<Answers> = {}) {
  const host = fakeHost({
    asks: {
      draft_get: () => null,
      draft_set: taken,
      tag_send: ({ request }) => tag({ text: request.text }),
      tags_recent: () => [],
      ...more,
    },
  });
  const sent = () => host.asked('tag_send').length;
  return { host, sent, state: new TagsState(host) };
}

const tag = (parts: Partial<Tag> = {}): Tag => ({
  guid: 'guid-0001',
  text: 'reclamo',
  state: 'pending',
  atMs: 1,
  problem: null,
  ...parts,
});

describe('tags', () => {
  it('follow their state', () => {
    const { state } = tags();
    state.take(tag());
    state.take(tag({ state: 'confirmed' }));
    state.take(tag({ text: 'vip', atMs: 2 }));
    expect(state.of('guid-0001').map((one) => [one.text, one.state])).toEqual([
      ['reclamo', 'confirmed'],
      ['vip', 'pending'],
    ]);
  });

  it('are sent with the other party, and the draft goes when they were taken', async () => {
    const { host, state } = tags({ tags_recent: () => ['reclamo'], draft_get: () => 'recl' });
    await state.look(call());
    expect(state.draft).toBe('recl');
    state.typed('reclamo');
    const sending = state.send(call(), state.draft);
    expect(state.of('guid-0001')[0]?.state).toBe('sending');
    await sending;
    const request = {
      guid: 'guid-0001',
      phone: '091000001',
      startedAt: '2026-01-31 10:00:00',
      text: 'reclamo',
    };
    expect(host.asked('tag_send')).toEqual([{ request }]);
    expect(state.of('guid-0001').map((one) => one.state)).toEqual(['pending']);
    expect([state.draft, state.recent]).toEqual(['', ['reclamo']]);
    expect(host.asked('draft_set').at(-1)).toEqual({ key: 'tag/guid-0001', text: null });
  });

  it('are sent once, however often the key is pressed', async () => {
    const { sent, state } = tags();
    await Promise.all([state.send(call(), 'reclamo'), state.send(call(), ' reclamo ')]);
    await state.send(call(), 'reclamo');
    expect([sent(), state.repeated]).toEqual([1, 'reclamo']);
  });

  it('that the server refused can be sent again by hand', async () => {
    const { sent, state } = tags();
    state.take(tag({ state: 'failed' }));
    await state.send(call(), 'reclamo');
    expect([sent(), state.of('guid-0001')[0]?.state]).toEqual([1, 'pending']);
  });

  it('that may have arrived are not sent again, but can be looked for', async () => {
    const { host, sent, state } = tags({
      tag_check: ({ request }) => tag({ text: request.text, state: 'confirmed' }),
    });
    state.take(tag({ state: 'unknown' }));
    await state.send(call(), 'reclamo');
    expect([sent(), state.repeated]).toEqual([0, 'reclamo']);
    await state.check(call(), 'reclamo');
    expect([host.log, state.of('guid-0001')[0]?.state]).toEqual([['tag_check'], 'confirmed']);
  });

  it('that could not be sent leave no mark, and what was typed stays', async () => {
    const { state } = tags({ tag_send: () => Promise.reject(new Error('no')) });
    await state.look(call());
    state.typed('reclamo');
    await state.send(call(), state.draft);
    expect([state.draft, state.of('guid-0001').length, state.problem?.code]).toEqual([
      'reclamo',
      0,
      'unexpected',
    ]);
  });

  it('being typed are kept for their own call', async () => {
    const { host, state } = tags();
    await state.look(call());
    state.typed('recla');
    await state.look(call({ guid: 'guid-0002' }));
    expect(host.asked('draft_set')).toEqual([{ key: 'tag/guid-0001', text: 'recla' }]);
    expect(state.draft).toBe('');
  });
});
