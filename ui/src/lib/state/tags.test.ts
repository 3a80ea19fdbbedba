import { describe, expect, it, vi } from 'vitest';
import type { Host, Tag } from '../host/host';
import { call } from '../testing';
import { TagsState } from './tags.svelte';

function tags(replies: Record<string, unknown> = {}) {
  const ask = vi.fn((name: string) =>
    replies[name] instanceof Error ? Promise.reject(replies[name]) : Promise.resolve(replies[name] ?? null),
  );
  return { ask, state: new TagsState({ ask, stream: vi.fn() } as unknown as Host) };
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
    const { ask, state } = tags({ tag_send: tag(), tags_recent: [], draft_get: 'recl' });
    await state.look(call());
    expect(state.draft).toBe('recl');
    state.typed('reclamo');
    await state.send(call(), state.draft);
    expect(ask).toHaveBeenCalledWith('tag_send', {
      request: { guid: 'guid-0001', phone: '091000001', startedAt: '2026-01-31 10:00:00', text: 'reclamo' },
    });
    expect(state.draft).toBe('');
    expect(ask).toHaveBeenLastCalledWith('draft_set', { key: 'tag/guid-0001', text: null });
  });

  it('keep what was typed when they could not be sent', async () => {
    const { state } = tags({ tag_send: new Error('no'), tags_recent: [] });
    await state.look(call());
    state.typed('reclamo');
    await state.send(call(), state.draft);
    expect(state.draft).toBe('reclamo');
    expect(state.problem?.code).toBe('unexpected');
  });
});
