import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import type { HousePart, TeamMember } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { teamTold } from '../../lib/testing';
import House from './House.svelte';

afterEach(cleanup);

const TEAMS: HousePart = {
  name: 'tagPresets',
  published: { by: 'ana', atMs: 0 },
  used: true,
  undoable: false,
  changes: [{ kind: 'list', name: 'tagPresets', added: ['vip'], removed: ['mine'], changed: [] }],
};
const NONE: HousePart = { name: 'rules', published: null, used: false, undoable: false, changes: [] };
const PEOPLE: TeamMember[] = ['ana', 'rui'].map((name) => ({ name, role: 'lead', desks: 1 }));

/** A desk where these are the parts. */
function shown(lead: boolean, parts: HousePart[], refused = false) {
  const done = () => {
    if (refused) throw { code: 'teamLeadOnly', params: {}, retryable: false };
    return null;
  };
  const host = fakeHost({ asks: { team_house_use: done, team_house_publish: done } });
  const signedIn = new SignedIn(new App(host));
  signedIn.team.members = PEOPLE;
  const tell = (now: HousePart[]) => (signedIn.team.now = teamTold({ house: { lead, parts: now } }));
  tell(parts);
  render(House, { signedIn });
  return { host, tell };
}

const row = (name: string) =>
  within(
    screen.getAllByTestId('house-part').find((one) => one.dataset.part === name) ??
      document.createElement('p'),
  );

it('is nowhere without a team', () => {
  render(House, { signedIn: new SignedIn(new App(fakeHost({ asks: {} }))) });
  expect(screen.queryByTestId('house')).toBeNull();
});

it("says whose each part is, how the team's differs, and goes back to one's own", async () => {
  const { host, tell } = shown(false, [TEAMS, NONE]);
  const tags = row('tagPresets');
  tags.getByText('Tags on the number keys');
  tags.getByText("The team's");
  tags.getByText(/published by ana/);
  expect(tags.getByTestId('house-differs').textContent).toBe('added: vip · gone: mine');
  // Nothing of the team's to use, and nobody here publishes.
  expect(row('rules').queryAllByRole('button')).toEqual([]);
  expect(screen.queryByTestId('house-publish')).toBeNull();
  await fireEvent.click(tags.getByRole('button', { name: 'Use your own: Tags on the number keys' }));
  expect(host.asked('team_house_use')).toEqual([{ part: 'tagPresets', team: false }]);
  tell([{ ...TEAMS, used: false }, NONE]);
  await tick();
  tags.getByText('Your own');
  await fireEvent.click(tags.getByTestId('house-use'));
  expect(host.asked('team_house_use').at(-1)).toEqual({ part: 'tagPresets', team: true });
});

it('is published by a lead after a question that says whom it reaches', async () => {
  const { host, tell } = shown(true, [TEAMS, NONE]);
  const tags = row('tagPresets');
  tags.getByTestId('house-publish').focus();
  await fireEvent.click(tags.getByTestId('house-publish'));
  await vi.waitFor(() => expect(document.activeElement).toBe(tags.getByTestId('house-no')));
  tags.getByText(/all 2 people/);
  expect(host.asked('team_house_publish')).toEqual([]);
  await fireEvent.click(tags.getByTestId('house-no'));
  await vi.waitFor(() => expect(document.activeElement).toBe(tags.getByTestId('house-publish')));
  await fireEvent.click(tags.getByTestId('house-publish'));
  await fireEvent.click(tags.getByTestId('house-yes'));
  expect(host.asked('team_house_publish')).toEqual([{ part: 'tagPresets' }]);
  tell([{ ...TEAMS, changes: [] }, NONE]);
  await tick();
  // What the team has already is not published again.
  expect(tags.getByTestId('house-publish').getAttribute('aria-disabled')).toBe('true');
  expect(row('rules').getByTestId('house-publish').getAttribute('aria-disabled')).toBeNull();
});

it('says why not', async () => {
  shown(true, [NONE], true);
  await fireEvent.click(screen.getByTestId('house-publish'));
  await fireEvent.click(screen.getByTestId('house-yes'));
  expect((await screen.findByTestId('house-problem')).textContent).toContain('lead');
});
