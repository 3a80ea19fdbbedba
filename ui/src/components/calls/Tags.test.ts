import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import en from '../../../messages/en.json';
import { fakeHost } from '../../lib/host/fake';
import type { Tag, TagState } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { call } from '../../lib/testing';
import Tags from './Tags.svelte';

afterEach(cleanup);

const tag = (state: TagState): Tag => ({
  guid: call().guid,
  text: 'reclamo',
  state,
  atMs: 1,
  problem: { code: 'timeout', params: {}, retryable: true },
});

/** A call with one tag, which was not answered in time. */
function shown(state: TagState) {
  const host = fakeHost({ asks: { tag_check: () => tag('confirmed') } });
  const signedIn = new SignedIn(new App(host));
  signedIn.tags.take(tag(state));
  render(Tags, { signedIn, call: call() });
  return { host, chip: screen.getByTestId('tag-chip') };
}

it('offers to look for a tag that may have arrived, and not to send it again', async () => {
  const { host, chip } = shown('unknown');
  expect(chip.textContent).toContain(en.tag_unknown);
  expect(screen.queryByTestId('tag-resend')).toBeNull();
  const why = screen.getByText(en.write_no_answer);
  expect([why.classList.contains('warn'), why.classList.contains('bad')]).toEqual([true, false]);
  await fireEvent.click(screen.getByTestId('tag-check'));
  await vi.waitFor(() => expect(screen.getByTestId('tag-chip').dataset.state).toBe('confirmed'));
  expect(host.log).toEqual(['tag_check']);
});

it('offers to send again what was not sent, and says why as an error', () => {
  const { chip } = shown('failed');
  expect(chip.textContent).toContain(en.tag_failed);
  expect(screen.getByTestId('tag-resend')).toBeTruthy();
  expect(screen.queryByTestId('tag-check')).toBeNull();
  expect(screen.getByText(en.problem_timeout).classList.contains('bad')).toBe(true);
});
