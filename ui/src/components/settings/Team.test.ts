import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import type { Problem, TeamMember, TeamTold } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { teamState, teamTold } from '../../lib/testing';
import Team from './Team.svelte';

afterEach(cleanup);

const ALONE: TeamTold = {
  address: null,
  label: '',
  person: '',
  kept: false,
  state: null,
  shared: null,
  house: null,
  problem: null,
};
const problem = (code: string): Problem => ({ code, params: { detail: '' }, retryable: false });

/** A desk, and a database that lets in whoever has the right password. */
function shown(first: TeamTold, members: TeamMember[] = []) {
  const let_in = () => {
    signedIn.team.now = teamTold();
    return null;
  };
  const host = fakeHost({
    asks: {
      team_members: () => members,
      team_join: ({ join }) => {
        if (join.password !== 'right') throw problem('teamRefused');
        return let_in();
      },
      team_join_file: () => {
        let_in();
        return true;
      },
      team_leave: () => {
        signedIn.team.now = ALONE;
        return null;
      },
    },
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.team.now = first;
  render(Team, { signedIn });
  return { host, signedIn };
}

const field = (testid: string) => screen.getByTestId<HTMLInputElement>(testid);
const type = (testid: string, value: string) => fireEvent.input(field(testid), { target: { value } });
const off = (testid: string) => screen.getByTestId(testid).getAttribute('aria-disabled') === 'true';
const focused = (testid: string) =>
  vi.waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(testid)));

it('is joined by an address and a password, says why not, and keeps the address typed', async () => {
  const { host } = shown(ALONE, [{ name: 'ana', role: 'lead', desks: 0 }]);
  expect(off('team-join')).toBe(true);
  await type('team-address', ' postgres://rui@db.example/equipo ');
  expect(off('team-join')).toBe(true);
  await type('team-password', 'wrong');
  expect(off('team-join')).toBe(false);
  await fireEvent.submit(field('team-address').form as HTMLFormElement);
  expect((await screen.findByTestId('team-problem')).textContent).toContain('name and password');
  expect(field('team-address').value).toContain('db.example');
  await type('team-password', 'right');
  await fireEvent.submit(field('team-address').form as HTMLFormElement);
  await focused('team-leave');
  expect(host.asked('team_join').at(-1)).toEqual({
    join: { address: 'postgres://rui@db.example/equipo', password: 'right' },
  });
  expect(screen.queryByTestId('team-problem')).toBeNull();
  expect(document.body.innerHTML).not.toContain('right');
  // Nobody of the name ana is here: that is no zero.
  await vi.waitFor(() => expect(screen.getByTestId('team-members').textContent).toMatch(/ana\s*Lead\s*–/));
});

it('is joined by an invitation', async () => {
  shown(ALONE);
  await fireEvent.click(screen.getByTestId('team-file'));
  await focused('team-leave');
  expect(screen.getByTestId('team-asker').textContent).toMatch(/^ana at puesto-1/);
});

it('asks for nothing but the password where that is what is missing', async () => {
  const { host } = shown(teamTold({ state: null, kept: false, problem: problem('teamPasswordNeeded') }));
  expect(screen.getByTestId('team-problem').textContent).toContain('password');
  expect(screen.queryByTestId('team-address')).toBeNull();
  await type('team-password', 'right');
  await fireEvent.submit(field('team-password').form as HTMLFormElement);
  await vi.waitFor(() => expect(screen.queryByTestId('team-password')).toBeNull());
  expect(host.asked('team_join')).toEqual([
    { join: { address: 'postgres://rui@db.example/equipo', password: 'right' } },
  ]);
});

it('says what the desk does, what it waits for, and that another one took over', async () => {
  const { signedIn } = shown(teamTold());
  const part = () => screen.getByTestId('team-part');
  expect(part().textContent).toContain('another desk');
  expect(screen.queryByTestId('team-problem')).toBeNull();
  const away = teamState({ part: 'apart', awaySinceMs: 1, problem: problem('teamAway'), lagMs: null });
  signedIn.team.now = teamTold({ state: away });
  await tick();
  expect(part().className).toContain('warn');
  expect(screen.getByTestId('team-problem').textContent).toContain('does not answer');
  // A password helps against nothing of that.
  expect(screen.queryByTestId('team-password')).toBeNull();
  screen.getByText('Asked');
  signedIn.team.now = teamTold({ state: teamState({ overtakenMs: 5 }) });
  await tick();
  expect(screen.getByTestId('team-overtaken').textContent).toContain('took over');
});

it('is left only after a question, and the focus stays with whoever has a keyboard alone', async () => {
  const { host } = shown(teamTold());
  await fireEvent.click(screen.getByTestId('team-leave'));
  await focused('team-leave-no');
  await fireEvent.click(screen.getByTestId('team-leave-no'));
  await focused('team-leave');
  expect(host.asked('team_leave')).toEqual([]);
  await fireEvent.click(screen.getByTestId('team-leave'));
  await fireEvent.click(await screen.findByTestId('team-leave-yes'));
  await focused('team-file');
  expect(host.asked('team_leave')).toEqual([{}]);
});
