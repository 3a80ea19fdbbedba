import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import type { HousePart } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { teamTold } from '../../lib/testing';
import HouseHere from './HouseHere.svelte';

afterEach(cleanup);

const TEAMS: HousePart = {
  name: 'tagPresets',
  published: { by: 'ana', atMs: 0 },
  used: true,
  undoable: false,
  changes: [{ kind: 'list', name: 'tagPresets', added: ['vip'], removed: ['mine'], changed: [] }],
};

function shown(part: HousePart, refused = false) {
  const done = () => {
    if (refused) throw { code: 'teamNone', params: {}, retryable: false };
    return null;
  };
  const host = fakeHost({ asks: { team_house_use: done, team_house_undo: done } });
  const signedIn = new SignedIn(new App(host));
  const tell = (now: HousePart) => {
    signedIn.team.now = teamTold({ house: { lead: false, parts: [now] } });
    return tick();
  };
  void tell(part);
  render(HouseHere, { signedIn, part: 'tagPresets' });
  return { host, tell };
}

const said = () => screen.getByTestId('house-here').querySelector('[role=status]')?.textContent.trim();
const focus = () => (document.activeElement as HTMLElement).dataset.testid;

it('says nothing where the team has published nothing', () => {
  shown({ ...TEAMS, published: null, used: false });
  expect(screen.queryByTestId('house-here')).toBeNull();
});

it("says that a change makes it one's own, then how it differs, and goes to the team's and back", async () => {
  const { host, tell } = shown(TEAMS);
  expect(said()).toBe("The team's. Changing it here makes it your own.");
  expect(screen.queryAllByRole('button')).toEqual([]);
  // Somebody changed it by hand.
  await tell({ ...TEAMS, used: false });
  expect(said()).toBe("Your own, not the team's.");
  expect(screen.queryByTestId('house-here-differs')).toBeNull();
  const show = screen.getByTestId('house-here-show');
  await fireEvent.click(show);
  expect(show.getAttribute('aria-expanded')).toBe('true');
  expect(screen.getByTestId('house-here-differs').textContent).toContain('added: vip · gone: mine');
  await fireEvent.click(screen.getByTestId('house-here-use'));
  expect(host.asked('team_house_use')).toEqual([{ part: 'tagPresets', team: true }]);
  await tell(TEAMS);
  await vi.waitFor(() => expect(focus()).toBe('house-here-undo'));
  await fireEvent.click(screen.getByTestId('house-here-undo'));
  expect(host.asked('team_house_use').at(-1)).toEqual({ part: 'tagPresets', team: false });
  await tell({ ...TEAMS, used: false });
  await vi.waitFor(() => expect(focus()).toBe('house-here-show'));
});

it('undoes a change by hand', async () => {
  const { host, tell } = shown({ ...TEAMS, used: false, undoable: true });
  await fireEvent.click(screen.getByTestId('house-here-undo'));
  expect(host.asked('team_house_undo')).toEqual([{ part: 'tagPresets' }]);
  await tell(TEAMS);
  // Nothing is left to press: the focus stays at the line that says so.
  await vi.waitFor(() => expect(focus()).toBe('house-here'));
});

it("has nothing to show where one's own is the same", () => {
  shown({ ...TEAMS, used: false, changes: [] });
  expect(said()).toBe("Your own, the same as the team's.");
  expect(screen.queryByTestId('house-here-show')).toBeNull();
});

it('says why not', async () => {
  shown({ ...TEAMS, used: false }, true);
  await fireEvent.click(screen.getByTestId('house-here-use'));
  expect((await screen.findByRole('alert')).textContent).toMatch(/team/);
  expect(screen.queryByTestId('house-here-undo')).toBeNull();
});
